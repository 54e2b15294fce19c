# The same small network on the synthetic figures.
_base_ = '../../_base_/datasets/synthetic-128x128.py'

model = dict(
    backbone=dict(_delete_=True, type='SDHRNet', arch='w8-small', init_cfg=None),
    head=dict(type='DASPHead', in_channels=(128, 8)),
)
