# The small LRFG-YOLOPose overfits a few dozen COCO images and is tested on them: a
# check that assignment, loss, decoding and suppression fit together, and nothing else.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/coco-bottomup-256-plain.py',
    '../../_base_/models/lrfg_yolopose-n.py',
    '../../_base_/schedules/yolopose-small.py',
]

model = dict(head=dict(num_keypoints=_base_.num_keypoints))
train_cfg = dict(max_epochs=260, val_interval=20)
train_dataloader = dict(batch_size=4)
auto_scale_lr = dict(base_batch_size=4)
default_hooks = dict(
    logger=dict(interval=9),
    checkpoint=dict(interval=20, save_best=_base_.save_best),
)
