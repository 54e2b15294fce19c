# HRNet-W32 on LSP-extended at SDHRNet's schedule, for a comparison side by side.
_base_ = '../../_base_/datasets/lspet-256x256.py'

param_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
auto_scale_lr = dict(base_batch_size=128)

model = dict(
    backbone=dict(
        init_cfg=[
            dict(type='Normal', std=0.001, layer=['Conv2d']),
            dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
        ]
    )
)

train_pipeline = [dict(type='LoadCheckedImage'), *_base_.train_pipeline[1:]]
train_dataloader = dict(batch_size=32, dataset=dict(pipeline=train_pipeline))
