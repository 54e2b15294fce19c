# Without SFM and DLM: the hourglass of RFM blocks (Table 3).
_base_ = ['../../_base_/datasets/mpii-256x256.py', '../../_base_/models/sadinet.py']

train_cfg = dict(max_epochs=210)
optim_wrapper = dict(optimizer=_base_.sadi_optimizer)
param_scheduler = _base_.sadi_scheduler
auto_scale_lr = _base_.sadi_auto_scale_lr

model = dict(
    backbone=dict(**_base_.sadi_backbone),
    neck=_base_.hourglass_neck,
    head=dict(**_base_.hourglass_head),
)
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    _base_.sadi_bbox_transform,
    dict(type='TopdownAffine', input_size=_base_.codec.input_size),
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(
    batch_size=_base_.sadi_batch_size, dataset=dict(pipeline=train_pipeline)
)
