# Continues after the first 260 epochs, with the norm layers' statistics fixed. In
# batches of four, the statistics of the coarse maps are those of single people; what
# the network learns with them is lost with the averages used in testing.
_base_ = './lrfg-yolopose-n_1xb4-260e_coco-256_plain.py'

load_from = 'work_dirs/lrfg-yolopose-n_1xb4-260e_coco-256_plain/epoch_260.pth'
train_cfg = dict(max_epochs=160)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
default_hooks = dict(freeze_norm=dict(type='FreezeNormStatsHook', begin=0))
