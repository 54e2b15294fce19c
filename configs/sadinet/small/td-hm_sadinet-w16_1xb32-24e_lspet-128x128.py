# Three times the epochs: how far the two networks come before they stop learning.
_base_ = './td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'

train_cfg = dict(max_epochs=24, val_interval=3)
param_scheduler = [
    _base_.param_scheduler[0],
    dict(_base_.param_scheduler[1], milestones=[18]),
]
