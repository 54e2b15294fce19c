# Settings that the small budgets of `mmpose-ext leaderboard` share: Adam with a cosine
# that ends with the training. Not from any paper.
optim_wrapper = dict(optimizer=dict(lr=5e-3))
param_scheduler = [
    dict(type='LinearLR', begin=0, end=20, start_factor=0.03, by_epoch=False),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        eta_min_ratio=0.01,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
