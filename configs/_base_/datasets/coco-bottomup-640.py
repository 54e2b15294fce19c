# COCO key points for one-stage networks at 640x640. Only the size differs from 960.
_base_ = './coco-bottomup-960.py'

input_size = (640, 640)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(
        type='Mosaic',
        img_scale=input_size,
        pad_val=114.0,
        pre_transform=[dict(type='LoadCheckedImage')],
    ),
    dict(
        type='CanvasRandomAffine',
        input_size=input_size,
        scale_factor=(0.5, 1.5),
        shift_factor=0.1,
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

train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader
