# Synthetic street scenes at 128x128: up to three people who stand or walk toward the
# camera, before a plain background and without mosaics. A one-stage network begins to
# learn them from scratch within minutes on one core. Not from any paper.
_base_ = './synthetic-bottomup-256.py'

input_size = (128, 128)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(
        type='CanvasRandomAffine',
        input_size=input_size,
        canvas=1,
        scale_factor=(0.9, 1.1),
        shift_factor=0.05,
    ),
    dict(type='RandomHSVGain', hue=0.015, saturation=0.7, value=0.4),
    dict(type='RandomFlip'),
    dict(type='FilterAnnotations', by_kpt=True, by_box=True, keep_empty=False),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='FastPackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    dict(type='FastPackPoseInputs', meta_keys=_base_.meta_keys),
]

scenes = dict(
    size=(128, 128),
    persons=(1, 3),
    occluders=0,
    clutter=0,
    families=('stand', 'walk'),
    turn=45,
)
train_dataloader = dict(
    dataset=dict(num_images=2000, pipeline=train_pipeline, **scenes)
)
val_dataloader = dict(batch_size=16, dataset=dict(pipeline=val_pipeline, **scenes))
test_dataloader = val_dataloader
