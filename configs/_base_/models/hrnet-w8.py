# HRNet for one CPU: width 8, one module a stage, two blocks a branch.
_base_ = './hrnet-w32.py'

model = dict(
    backbone=dict(
        extra=dict(
            stage1=dict(num_blocks=(2,), num_channels=(32,)),
            stage2=dict(num_blocks=(2, 2), num_channels=(8, 16)),
            stage3=dict(num_modules=1, num_blocks=(2,) * 3, num_channels=(8, 16, 32)),
            stage4=dict(
                num_modules=1, num_blocks=(2,) * 4, num_channels=(8, 16, 32, 64)
            ),
        ),
        init_cfg=None,
    ),
    head=dict(in_channels=8),
)
