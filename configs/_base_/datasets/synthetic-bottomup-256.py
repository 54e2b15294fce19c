# Synthetic scenes of up to four people (mmpose_ext/datasets/synthetic), COCO's 17
# joints, 256x256, for one-stage networks: nothing to download, minutes on one core.
_base_ = './coco-bottomup-960.py'

dataset_type = 'SyntheticPoseDataset'
input_size = (256, 256)
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
    *_base_.train_pipeline[3:6],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    # `raw_ann_info` is the truth, as there is no annotation file.
    dict(
        type='PackPoseInputs',
        meta_keys=(*_base_.val_pipeline[2].meta_keys, 'raw_ann_info'),
    ),
]
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    dataset=dict(
        _delete_=True,
        type=dataset_type,
        convention='coco',
        data_mode='bottomup',
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
    dataset=dict(
        _delete_=True,
        type=dataset_type,
        convention='coco',
        data_mode='bottomup',
        num_images=150,
        seed=1,
        persons=(1, 4),
        cache_images=True,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(
    _delete_=True, type='CocoMetric', score_mode='bbox', nms_mode='none'
)
test_evaluator = dict(val_evaluator, type='CocoCurveMetric')
default_hooks = dict(logger=dict(interval=25), checkpoint=dict(interval=3))
