# Six short epochs for a first look: Adam from 5e-3 down a cosine. Not from any paper.
train_cfg = dict(by_epoch=True, max_epochs=6, val_interval=2)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=5e-3))
param_scheduler = [
    dict(type='LinearLR', begin=0, end=30, start_factor=0.03, by_epoch=False),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=6,
        eta_min_ratio=0.01,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
auto_scale_lr = dict(base_batch_size=32)
custom_hooks = [dict(type='ValBeforeTrainHook'), dict(type='ChannelsLastHook')]
