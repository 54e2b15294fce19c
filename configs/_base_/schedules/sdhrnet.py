# SDHRNet's recipe (section 4.2): rate 1e-3, x0.1 at epochs 170 and 200, 210 epochs, 32
# people on each of four GPUs. Adam is HRNet's; the paper mentions no warm-up.
train_cfg = dict(by_epoch=True, max_epochs=210, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
auto_scale_lr = dict(base_batch_size=128)
