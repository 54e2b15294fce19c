# The recipe of the top-down presets that one CPU can train. Not from any paper.
train_cfg = dict(by_epoch=True, max_epochs=8, val_interval=2)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
param_scheduler = [
    dict(type='LinearLR', begin=0, end=100, start_factor=0.01, by_epoch=False),
    dict(type='MultiStepLR', milestones=[6], gamma=0.1),
]
auto_scale_lr = dict(base_batch_size=32)
