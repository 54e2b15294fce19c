# Synthetic streets: up to three people who stand or walk towards the camera before a
# quiet background, 128x128, whole scenes instead of mosaics: what a one-stage network
# can begin to learn from scratch in minutes on one core. Not from any paper.
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
    *_base_.train_pipeline[3:6],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    _base_.val_pipeline[2],
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
    batch_size=8, dataset=dict(num_images=2000, pipeline=train_pipeline, **scenes)
)
val_dataloader = dict(batch_size=16, dataset=dict(pipeline=val_pipeline, **scenes))
test_dataloader = val_dataloader
