# A small LRFG-YOLOPose on the easy scenes, trained by `make demo PAPER=lrfg_yolopose`.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-bottomup-standing-128.py',
    '../../_base_/models/lrfg_yolopose-w8.py',
    '../../_base_/schedules/yolopose-small-ema.py',
]

model = dict(
    head=dict(
        num_keypoints=_base_.num_keypoints,
        # k-means of the training set's boxes.
        anchors=[[(25, 67), (34, 79), (48, 75)], [(40, 103), (56, 107), (82, 108)]],
    ),
    test_cfg=dict(nms_thr=0.45),
)
train_cfg = dict(max_epochs=16, val_interval=4)
train_dataloader = dict(batch_size=16)
val_dataloader = dict(batch_size=50)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
