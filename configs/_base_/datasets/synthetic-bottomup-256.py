# Synthetic scenes of up to four people in COCO's 17 joints, 256x256, for the one-stage
# presets that one CPU can train: nothing to download. Not from any paper.
dataset_type = 'SyntheticPoseDataset'
data_mode = 'bottomup'
num_keypoints = 17
save_best = 'coco/AP'

input_size = (256, 256)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

# The same augmentation as for COCO.
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
# `raw_ann_info` holds the ground truth, since there is no annotation file.
meta_keys = (
    'id',
    'img_id',
    'img_path',
    'ori_shape',
    'img_shape',
    'input_size',
    'input_center',
    'input_scale',
    'raw_ann_info',
)
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    dict(type='FastPackPoseInputs', meta_keys=meta_keys),
]

train_dataloader = dict(
    num_workers=1,
    persistent_workers=True,
    pin_memory=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        convention='coco',
        data_mode=data_mode,
        num_images=800,
        seed=0,
        persons=(1, 4),
        cache_images=True,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=8,
    num_workers=1,
    persistent_workers=True,
    pin_memory=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        convention='coco',
        data_mode=data_mode,
        num_images=150,
        seed=1,
        persons=(1, 4),
        cache_images=True,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='CocoPersonMetric', score_mode='bbox', nms_mode='none')
# Testing also reports the AP of each joint.
test_evaluator = dict(val_evaluator, type='CocoCurveMetric')
