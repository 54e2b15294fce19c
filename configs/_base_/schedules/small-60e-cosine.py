# The recipe of the short cosine over sixty epochs, at the end of which the curves of small
# networks are flat. Not from any paper.
_base_ = './small-6e-cosine.py'

train_cfg = dict(max_epochs=60, val_interval=10)
param_scheduler = [
    dict(type='LinearLR', begin=0, end=30, start_factor=0.03, by_epoch=False),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=60,
        eta_min_ratio=0.01,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
auto_scale_lr = dict(base_batch_size=64)
