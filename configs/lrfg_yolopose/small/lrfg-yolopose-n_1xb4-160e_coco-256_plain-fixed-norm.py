# Continues where the first 260 epochs end, with fixed statistics of the norm layers: in
# batches of four those of the coarse maps are each person's own, and what is learned by
# heart with them is lost on the averages of testing.
_base_ = './lrfg-yolopose-n_1xb4-260e_coco-256_plain.py'

load_from = 'work_dirs/lrfg-yolopose-n_1xb4-260e_coco-256_plain/epoch_260.pth'
train_cfg = dict(max_epochs=160)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
default_hooks = dict(freeze_norm=dict(type='FreezeNormStatsHook', begin=0))
