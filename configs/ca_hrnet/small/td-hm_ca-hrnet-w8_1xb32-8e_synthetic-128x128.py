# What `make demo` trains: the small CA-HRNet on synthetic figures.
_base_ = [
    '../../_base_/datasets/synthetic-128x128.py',
    '../../_base_/models/hrnet-w8.py',
]

model = dict(
    backbone=dict(type='CAHRNet', extra=_base_.hrnet_w8_extra),
    head=dict(in_channels=8),
)
