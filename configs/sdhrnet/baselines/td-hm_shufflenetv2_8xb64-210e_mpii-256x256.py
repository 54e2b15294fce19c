# Simple baseline, ShuffleNetV2: MMPose's config, without pretraining.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/mpii/'
    'td-hm_shufflenetv2_8xb64-210e_mpii-256x256.py',
    '../../_base_/reliable_hooks.py',
]

data_root = '{{$MPII_ROOT:data/mpii}}'
model = dict(backbone=dict(_delete_=True, type='ShuffleNetV2', widen_factor=1.0))

train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        headbox_file=data_root + '/annotations/mpii_gt_val.mat',
    )
)
test_dataloader = val_dataloader

val_evaluator = [
    dict(type='MpiiPCKAccuracy', prefix='mmpose'),
    dict(type='PCKhAccuracy', prefix='pckh'),
]
test_evaluator = val_evaluator
default_hooks = dict(
    _base_.reliable_hooks,
    checkpoint=dict(type='SafeCheckpointHook', save_best='mmpose/PCK'),
)
visualizer = dict(type='SafeNamePoseVisualizer')
