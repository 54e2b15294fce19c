# DAUNet's recipe (section 4.3): Adam, 1e-3, "momentum 0.9" = beta1, batch 128, 200
# epochs. The paper gives no schedule; x0.1 at 170 and 190 without warm-up is our
# choice.
train_cfg = dict(by_epoch=True, max_epochs=200, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 190], gamma=0.1)]
auto_scale_lr = dict(base_batch_size=128)
