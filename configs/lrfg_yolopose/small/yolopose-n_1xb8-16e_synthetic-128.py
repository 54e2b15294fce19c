# The small YOLO-Pose on synthetic street scenes of up to three people.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-bottomup-128.py',
    '../../_base_/models/yolopose-n.py',
    '../../_base_/schedules/yolopose-small.py',
]

model = dict(
    head=dict(
        num_keypoints=_base_.num_keypoints,
        # The anchors remain those for 256 px: people fill these images, and the fine
        # maps should see them, too. All levels have the same weight.
        level_balance=(1.0, 1.0, 1.0, 1.0),
        # The published gain shrinks with the area, here to 1/25 of that at 640 px.
        loss_obj=dict(type='BCELoss', loss_weight=25.0),
    )
)
train_cfg = dict(max_epochs=16, val_interval=4)
optim_wrapper = dict(optimizer=dict(lr=5e-3))
train_dataloader = dict(batch_size=8)
default_hooks = dict(
    logger=dict(interval=25),
    checkpoint=dict(interval=3, save_best=_base_.save_best),
    # On the coarse maps, eight images are too few for the norm layers' statistics.
    freeze_norm=dict(type='FreezeNormStatsHook', begin=12),
)
