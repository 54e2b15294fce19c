# Continues after the 16 epochs, with the norm layers' statistics fixed.
_base_ = './yolopose-n_1xb8-16e_synthetic-128.py'

load_from = 'work_dirs/yolopose-n_1xb8-16e_synthetic-128/epoch_16.pth'
train_cfg = dict(max_epochs=8)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
default_hooks = dict(freeze_norm=dict(begin=0))
