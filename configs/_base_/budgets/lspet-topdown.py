# What the small budget of `mmpose-ext leaderboard` changes in a top-down preset for
# LSP-extended's sample: 340 steps down a cosine. Not from any paper.
train_cfg = dict(max_epochs=4, val_interval=2)
optim_wrapper = dict(optimizer=dict(lr=5e-3))
param_scheduler = [
    dict(type='LinearLR', begin=0, end=20, start_factor=0.03, by_epoch=False),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=4,
        eta_min_ratio=0.01,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
default_hooks = dict(logger=dict(interval=10), checkpoint=dict(interval=1))
