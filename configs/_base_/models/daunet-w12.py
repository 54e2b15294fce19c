# DAUNet for one CPU with an encoder of three quarters of DAUNet-W16's width, so that its
# weights are small.
_base_ = './daunet-w16.py'

model = dict(backbone=dict(base_channels=12), neck=dict(in_channels=(48, 96, 192, 384)))
