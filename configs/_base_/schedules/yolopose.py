# The paper's recipe (section III.A): SGD, cosine annealing, 80 epochs. The rest is that
# of the published YOLO-Pose, for 64 images per step.
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=80, val_interval=5)
optim_wrapper = dict(
    type='OptimWrapper',
    constructor='BiasGroupsConstructor',
    optimizer=dict(
        type='SGD', lr=0.01, momentum=0.937, nesterov=True, weight_decay=5e-4
    ),
    # No weight decay for norm layers, biases and implicit vectors.
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        bypass_duplicate=True,
        custom_keys={'.implicit': dict(decay_mult=0.0)},
    ),
)
# The cosine spans all epochs.
param_scheduler = [
    dict(
        type='WarmupCosineLR',
        warmup_epochs=3,
        min_warmup_iters=1000,
        bias_start=0.1,
        floor=0.2,
        begin=0,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
    # Momentum from 0.8 to 0.937 in the same time.
    dict(
        type='WarmupMomentum',
        min_iters=1000,
        start_factor=0.8 / 0.937,
        begin=0,
        end=3,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
auto_scale_lr = dict(base_batch_size=64)
custom_hooks = [
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
