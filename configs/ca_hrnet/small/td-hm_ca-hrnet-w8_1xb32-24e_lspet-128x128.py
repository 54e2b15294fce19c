# The small CA-HRNet, trained three times as long.
_base_ = './td-hm_ca-hrnet-w8_1xb32-8e_lspet-128x128.py'

train_cfg = dict(max_epochs=24, val_interval=4)
param_scheduler = [
    dict(type='LinearLR', begin=0, end=100, start_factor=0.01, by_epoch=False),
    dict(type='MultiStepLR', milestones=[18, 22], gamma=0.1),
]
