# The small YOLO-Pose on synthetic scenes of up to three people, compared at a budget of
# minutes.
_base_ = [
    '../../_base_/datasets/synthetic-bottomup-128.py',
    '../../_base_/models/yolopose.py',
    '../../_base_/schedules/yolopose.py',
]

model = dict(
    backbone=_base_.yolopose_small_backbone,
    neck=_base_.yolopose_small_neck,
    head=dict(
        _base_.yolopose_small_head,
        # Half of those at 256 px.
        anchors=[[(w / 2, h / 2) for w, h in a] for a in _base_.yolopose_small_anchors],
        loss_kpt=_base_.yolopose_small_loss_kpt,
    ),
    test_cfg=_base_.yolopose_test_cfg,
)
train_cfg = dict(_base_.yolopose_train_cfg, max_epochs=10, val_interval=5)
optim_wrapper = dict(
    _base_.yolopose_small_optim_wrapper,
    optimizer=dict(type='AdamW', lr=5e-4, weight_decay=0.01),
)
param_scheduler = [dict(_base_.yolopose_small_scheduler, end=10)]
# The coarse maps are too small for the statistics of eight images.
custom_hooks = [
    *_base_.yolopose_custom_hooks,
    dict(type='FreezeNormStatsHook', begin=7),
]
