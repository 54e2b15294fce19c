# MPII, top-down, 256x256, boxes from the annotated center and scale. `annotations/`
# holds MMPose's mpii_train.json, mpii_val.json and mpii_gt_val.mat. MPII_ROOT can
# name another folder.
dataset_type = 'MpiiDataset'
data_mode = 'topdown'
data_root = '{{$MPII_ROOT:data/mpii}}'
num_keypoints = 16
save_best = 'mmpose/PCK'

codec = dict(
    type='BatchMSRAHeatmap', input_size=(256, 256), heatmap_size=(64, 64), sigma=2
)

# HRNet's augmentation for MPII, in MMPose's defaults: rotation of +-80 degrees, scale
# 0.5 to 1.5.
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(type='FastRandomBBoxTransform', shift_prob=0),
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
        ann_file='annotations/mpii_train.json',
        data_prefix=dict(img='images/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='ImageGroupedSampler', round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/mpii_val.json',
        headbox_file=data_root + '/annotations/mpii_gt_val.mat',
        data_prefix=dict(img='images/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# Two counts of PCKh: MMPose's metric, used for its published models, adds one pixel to
# the predictions; ours scores them as they are (docs/datasets.md, PCKh).
val_evaluator = [
    dict(type='MpiiPCKAccuracy', prefix='mmpose'),
    dict(type='PCKhAccuracy', prefix='pckh'),
]
test_evaluator = val_evaluator
