# SDHRNet for one CPU, twice as wide as SDHRNet-W8.
_base_ = './sdhrnet-w8.py'

model = dict(backbone=dict(arch='w16-small'), head=dict(in_channels=(128, 16)))
