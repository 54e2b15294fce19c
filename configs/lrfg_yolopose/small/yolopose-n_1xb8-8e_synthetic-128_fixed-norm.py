# Goes on where the 16 epochs end, with fixed statistics of the norm layers throughout.
_base_ = './yolopose-n_1xb8-16e_synthetic-128.py'

load_from = 'work_dirs/yolopose-n_1xb8-16e_synthetic-128/epoch_16.pth'
train_cfg = dict(max_epochs=8)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
param_scheduler = [dict(_base_.param_scheduler[0], end=8)]
custom_hooks = [*_base_.custom_hooks[:-1], dict(type='FreezeNormStatsHook', begin=0)]
