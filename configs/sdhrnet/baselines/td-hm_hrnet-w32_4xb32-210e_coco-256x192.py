# HRNet-W32 at SDHRNet's schedule, from HRNet's own initialisation: Table 3's first row.
_base_ = '../../_base_/datasets/coco-256x192.py'

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
