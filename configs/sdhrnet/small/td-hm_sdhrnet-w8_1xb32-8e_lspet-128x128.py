# An SDHRNet that a CPU can train: width 8, one module a stage, two blocks a branch.
_base_ = '../../_base_/datasets/lspet-128x128.py'

model = dict(
    backbone=dict(_delete_=True, type='SDHRNet', arch='w8-small', init_cfg=None),
    head=dict(type='DASPHead', in_channels=(128, 8)),
)
