# HRNet-W32 from HRNet's own random initialization.
_base_ = './hrnet-w32.py'

model = dict(
    backbone=dict(
        init_cfg=[
            dict(type='Normal', std=0.001, layer=['Conv2d']),
            dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
        ]
    )
)
