# SDHRNet as the paper trains it (section 4.2), on MPII.
_base_ = '../_base_/datasets/mpii-256x256.py'

# Adam is HRNet's; the paper gives the rate and its steps, and no warm-up.
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
auto_scale_lr = dict(base_batch_size=128)

# No pretraining: the backbone starts from HRNet's own initialisation.
model = dict(
    backbone=dict(_delete_=True, type='SDHRNet', arch='w32'),
    head=dict(type='DASPHead', in_channels=(256, 32)),
)

train_pipeline = [dict(type='LoadCheckedImage'), *_base_.train_pipeline[1:]]
train_dataloader = dict(batch_size=32, dataset=dict(pipeline=train_pipeline))
