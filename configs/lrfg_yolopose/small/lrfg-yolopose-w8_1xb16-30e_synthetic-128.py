# A small LRFG-YOLOPose on the synthetic streets, for about 25 minutes on one CPU core.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-bottomup-128.py',
    '../../_base_/models/lrfg_yolopose-w8.py',
    '../../_base_/schedules/yolopose-small-ema.py',
]

model = dict(
    head=dict(
        num_keypoints=_base_.num_keypoints,
        # k-means of the training set's boxes.
        anchors=[[(20, 43), (25, 66), (45, 73)], [(32, 88), (45, 107), (74, 107)]],
    ),
    test_cfg=dict(nms_thr=0.45),
)
train_cfg = dict(max_epochs=30, val_interval=5)
train_dataloader = dict(batch_size=16)
val_dataloader = dict(batch_size=50)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
