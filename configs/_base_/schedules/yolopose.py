# The paper: SGD, cosine annealing, 80 epochs. The rest is the published YOLO-Pose's,
# for 64 images a step. Names of its own: MMEngine refuses one key from two bases.
yolopose_train_cfg = dict(
    _delete_=True, type='EpochBasedTrainLoop', max_epochs=80, val_interval=5
)
yolopose_optim_wrapper = dict(
    _delete_=True,
    type='OptimWrapper',
    constructor='BiasGroupsConstructor',
    optimizer=dict(
        type='SGD', lr=0.01, momentum=0.937, nesterov=True, weight_decay=5e-4
    ),
    # No decay of norm layers, biases and implicit vectors.
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        bypass_duplicate=True,
        custom_keys={'.implicit': dict(decay_mult=0.0)},
    ),
)
yolopose_param_scheduler = [
    dict(
        type='WarmupCosineLR',
        warmup_epochs=3,
        min_warmup_iters=1000,
        bias_start=0.1,
        floor=0.2,
        begin=0,
        end=80,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
    # From 0.8 to 0.937.
    dict(
        type='LinearMomentum',
        start_factor=0.8 / 0.937,
        begin=0,
        end=3,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
yolopose_custom_hooks = [
    dict(type='SyncNormHook', priority=48),
    dict(
        type='EMAHook',
        ema_type='ExpMomentumEMA',
        momentum=1e-4,
        gamma=2000,
        update_buffers=True,
        strict_load=False,
        priority=49,
    ),
]
yolopose_test_cfg = dict(_delete_=True, score_thr=0.001, nms_thr=0.65, max_per_img=300)

# For a budget of minutes on one core, from scratch, in batches too small for that
# SGD: not from any paper. `end` of the schedule is the preset's.
yolopose_small_optim_wrapper = dict(
    yolopose_optim_wrapper,
    optimizer=dict(type='AdamW', lr=2e-3, weight_decay=0.01),
)
yolopose_small_scheduler = dict(
    yolopose_param_scheduler[0],
    warmup_epochs=1,
    min_warmup_iters=0,
    bias_start=0.0,
    floor=0.02,
)
# The published anchors, which are for 960 px, at 256 px.
yolopose_small_anchors = [
    [(w * 256 / 960, h * 256 / 960) for w, h in level]
    for level in (
        ((19, 27), (44, 40), (38, 94)),
        ((96, 68), (86, 152), (180, 137)),
        ((140, 301), (303, 264), (238, 542)),
        ((436, 615), (739, 380), (925, 792)),
    )
]
# Joints far off have no gradient in the published loss, which takes longer training.
yolopose_small_loss_kpt = dict(
    type='MicroOKSLoss',
    metainfo='configs/_base_/datasets/coco.py',
    loss_weight=0.1,
    widenings=(1, 2, 4, 8),
)
