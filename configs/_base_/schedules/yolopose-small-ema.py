# The recipe of the smallest one-stage presets, in batches of 16: a higher rate, and an
# average over the last 50 steps, since the published one of 10,000 is longer than the run.
# Not from any paper.
_base_ = './yolopose-small.py'

optim_wrapper = dict(optimizer=dict(lr=5e-3, foreach=True))
auto_scale_lr = dict(base_batch_size=16)
custom_hooks = [
    dict(type='ChannelsLastHook'),
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
