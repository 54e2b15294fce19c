# The small YOLO-Pose on synthetic scenes of several people.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-bottomup-256.py',
    '../../_base_/models/yolopose-n.py',
    '../../_base_/schedules/yolopose-small.py',
]

model = dict(head=dict(num_keypoints=_base_.num_keypoints))
train_cfg = dict(max_epochs=12, val_interval=3)
train_dataloader = dict(batch_size=8)
default_hooks = dict(
    logger=dict(interval=25),
    checkpoint=dict(interval=3, save_best=_base_.save_best),
    # On the coarse maps, eight images are too few for the norm layers' statistics.
    freeze_norm=dict(type='FreezeNormStatsHook', begin=8),
)
