# A CA-HRNet that a CPU can train, on LSP-extended.
_base_ = [
    '../../_base_/datasets/lspet-128x128.py',
    '../../_base_/models/hrnet-w8.py',
]

model = dict(
    backbone=dict(type='CAHRNet', extra=_base_.hrnet_w8_extra),
    head=dict(in_channels=8),
)
