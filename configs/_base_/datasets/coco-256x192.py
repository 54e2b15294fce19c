# COCO key points, top-down, 256x192, detector boxes. COCO_ROOT can name another folder.
dataset_type = 'CocoDataset'
data_mode = 'topdown'
data_root = '{{$COCO_ROOT:data/coco}}'
num_keypoints = 17
save_best = 'coco/AP'

codec = dict(
    type='BatchMSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2
)

# HRNet's augmentation for COCO, in MMPose's defaults: rotation of +-80 degrees, scale
# 0.5 to 1.5, a shift of up to 16 %, crops to half of the body.
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(type='RandomHalfBody'),
    dict(type='FastRandomBBoxTransform'),
    dict(type='FlipTopdownAffine', input_size=codec['input_size']),
    dict(type='PackLeanInputs'),
]
val_pipeline = [
    dict(type='LoadCachedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='FastPackPoseInputs'),
]

train_dataloader = dict(
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    collate_fn=dict(type='default_collate'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/person_keypoints_train2017.json',
        data_prefix=dict(img='train2017/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='ImageGroupedSampler', round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/person_keypoints_val2017.json',
        bbox_file=data_root + '/person_detection_results/'
        'COCO_val2017_detections_AP_H_56_person.json',
        data_prefix=dict(img='val2017/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    type='CocoPersonMetric',
    ann_file=data_root + '/annotations/person_keypoints_val2017.json',
)
# Testing also reports which boxes were used, the AP of each joint and, with an
# outfile_prefix, the precision-recall curves.
test_evaluator = dict(val_evaluator, type='CocoCurveMetric')
