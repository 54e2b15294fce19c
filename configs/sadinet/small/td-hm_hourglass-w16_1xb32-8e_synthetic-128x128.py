# The hourglass of the small SADI-Net's widths, at the same budget.
_base_ = [
    '../../_base_/datasets/synthetic-128x128.py',
    '../../_base_/models/sadinet-w16.py',
]

train_cfg = dict(val_interval=1)
model = dict(
    backbone=_base_.hourglass_backbone,
    neck=_base_.hourglass_neck,
    head=_base_.hourglass_head,
)
