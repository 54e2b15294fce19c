# DAUNet as the paper trains it (section 4.3.2), on COCO, with detector boxes.
_base_ = ['../_base_/datasets/coco-256x192.py', '../_base_/models/daunet.py']

# Adam, 1e-3, "momentum 0.9" = beta1, batch 128, 200 epochs. No schedule is given:
# x0.1 at 170 and 190, and no warm-up.
train_cfg = dict(max_epochs=200)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 190], gamma=0.1)]
auto_scale_lr = dict(base_batch_size=128)
train_dataloader = dict(batch_size=128)

model = dict(
    backbone=_base_.daunet_backbone,
    neck=_base_.daunet_neck,
    head=_base_.daunet_head,
)
