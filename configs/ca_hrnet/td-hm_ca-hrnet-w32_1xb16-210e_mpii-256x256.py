# CA-HRNet-W32 on MPII. Not in the paper: its COCO schedule at MPII's size.
_base_ = ['../_base_/datasets/mpii-256x256.py', '../_base_/schedules/ca_hrnet.py']

optim_wrapper = dict(optimizer=_base_.ca_optimizer)
param_scheduler = _base_.ca_scheduler
auto_scale_lr = dict(base_batch_size=16)

model = dict(backbone=dict(type='CAHRNet'))

train_pipeline = [
    *_base_.train_pipeline[:3],
    _base_.ca_bbox_transform,
    *_base_.train_pipeline[-3:],
]
train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline))
