# What the small budget of `mmpose-ext leaderboard` changes in a top-down preset for
# synthetic figures: easier figures and 150 steps down a cosine. Not from any paper.
figures = dict(
    size=(160, 160),
    persons=(1, 1),
    occluders=0.0,
    clutter=0.5,
    families=('stand', 'walk', 'contrapposto', 'straddle'),
    turn=60,
    whole=True,
)
train_dataloader = dict(dataset=dict(**figures, num_images=800))
val_dataloader = dict(dataset=dict(**figures))
test_dataloader = val_dataloader

train_cfg = dict(max_epochs=6, val_interval=2)
optim_wrapper = dict(optimizer=dict(lr=5e-3))
param_scheduler = [
    dict(type='LinearLR', begin=0, end=20, start_factor=0.03, by_epoch=False),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=6,
        eta_min_ratio=0.01,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
default_hooks = dict(logger=dict(interval=5), checkpoint=dict(interval=1))
