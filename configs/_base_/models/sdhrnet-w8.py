# SDHRNet for one CPU: width 8, one module a stage, two blocks a branch.
_base_ = './sdhrnet.py'

model = dict(
    backbone=dict(arch='w8-small', init_cfg=None), head=dict(in_channels=(128, 8))
)
