# SADI-Net as the paper trains it (section IV-C), on MPII.
_base_ = ['../_base_/datasets/mpii-256x256.py', '../_base_/models/sadinet.py']

train_cfg = dict(max_epochs=210)
optim_wrapper = dict(optimizer=_base_.sadi_optimizer)
param_scheduler = _base_.sadi_scheduler
auto_scale_lr = _base_.sadi_auto_scale_lr

# Heat maps for H1 and H2, positions for the likelihood.
codec = dict(
    type='IntegralRegressionLabel',
    input_size=(256, 256),
    heatmap_size=(64, 64),
    sigma=2,
    normalize=False,
)
model = dict(
    backbone=_base_.sadi_backbone,
    head=dict(**_base_.sadi_head, decoder=codec),
)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    _base_.sadi_bbox_transform,
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(
    batch_size=_base_.sadi_batch_size, dataset=dict(pipeline=train_pipeline)
)
