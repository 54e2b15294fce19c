# The small DAUNet on synthetic figures, without pretraining.
_base_ = [
    '../../_base_/datasets/synthetic-128x128.py',
    '../../_base_/models/daunet-w16.py',
]

model = dict(
    backbone=_base_.daunet_backbone,
    neck=_base_.daunet_neck,
    head=_base_.daunet_head,
)
