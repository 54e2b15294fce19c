# What `make demo PAPER=lrfg_yolopose` trains: a small LRFG-YOLOPose on the easy scenes.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-bottomup-standing-128.py',
    '../../_base_/models/lrfg_yolopose-w8.py',
    '../../_base_/schedules/yolopose-small.py',
]

model = dict(
    head=dict(
        num_keypoints=_base_.num_keypoints,
        # k-means of the training set's boxes.
        anchors=[[(25, 67), (34, 79), (48, 75)], [(40, 103), (56, 107), (82, 108)]],
        # At the published gains and 128 px, objectness has a 25th of its gradient at
        # 640 px.
        loss_obj=dict(type='BCELoss', loss_weight=25.0),
        loss_bbox=dict(type='CIoULoss', loss_weight=0.1),
    ),
    test_cfg=dict(nms_thr=0.45),
)
train_cfg = dict(max_epochs=16, val_interval=4)
optim_wrapper = dict(optimizer=dict(lr=5e-3, foreach=True))
auto_scale_lr = dict(base_batch_size=16)
train_dataloader = dict(batch_size=16)
val_dataloader = dict(batch_size=50)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
custom_hooks = [
    dict(type='ChannelsLastHook'),
    # Over the last 50 steps: the published average of 10,000 is longer than the run.
    dict(
        type='EMAHook',
        ema_type='ExpMomentumEMA',
        momentum=0.02,
        gamma=50,
        update_buffers=True,
        strict_load=False,
        priority=49,
    ),
]
