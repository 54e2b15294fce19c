# The small YOLO-Pose on synthetic streets of up to three people, compared at a budget
# of minutes.
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
        # Those at 256 px: people fill these images, and the fine maps shall see them,
        # too. All maps count alike.
        anchors=_base_.yolopose_small_anchors,
        level_balance=(1.0, 1.0, 1.0, 1.0),
        loss_kpt=_base_.yolopose_small_loss_kpt,
        # The published gain falls with the area: here to a 25th of that at 640 px.
        loss_obj=dict(type='BCELoss', loss_weight=25.0),
    ),
    test_cfg=_base_.yolopose_test_cfg,
)
train_cfg = dict(_base_.yolopose_train_cfg, max_epochs=16, val_interval=4)
optim_wrapper = dict(
    _base_.yolopose_small_optim_wrapper,
    optimizer=dict(type='AdamW', lr=5e-3, weight_decay=0.01),
)
param_scheduler = [dict(_base_.yolopose_small_scheduler, end=16)]
# The coarse maps are too small for the statistics of eight images.
custom_hooks = [
    *_base_.yolopose_custom_hooks,
    dict(type='FreezeNormStatsHook', begin=12),
]
