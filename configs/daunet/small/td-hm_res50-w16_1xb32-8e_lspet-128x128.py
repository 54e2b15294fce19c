# SimpleBaseline of DAUNet's size, at the same budget.
_base_ = [
    '../../_base_/datasets/lspet-128x128.py',
    '../../_base_/models/daunet-w16.py',
]

model = dict(backbone=_base_.res50_backbone, head=_base_.res50_head)
