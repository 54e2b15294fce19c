# The small SADI-Net on LSP-extended. H2 is validated beside H1.
_base_ = [
    '../../_base_/datasets/lspet-128x128.py',
    '../../_base_/models/sadinet-w16.py',
]

train_cfg = dict(val_interval=1)
codec = dict(
    type='IntegralRegressionLabel',
    input_size=(128, 128),
    heatmap_size=(32, 32),
    sigma=1.5,
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
    dict(type='RandomBBoxTransform', shift_prob=0, rotate_factor=45),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
custom_hooks = [
    dict(type='SyncBuffersHook'),
    dict(type='ValBeforeTrainHook'),
    dict(type='OutputsValHook', outputs=('h2',)),
]
