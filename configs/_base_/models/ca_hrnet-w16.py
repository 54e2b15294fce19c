# CA-HRNet for one CPU, twice as wide as CA-HRNet-W8; stage 1, the most expensive one
# at this width, is narrower.
_base_ = './ca_hrnet-w8.py'

model = dict(
    backbone=dict(
        extra=dict(
            stage1=dict(num_channels=(8,)),
            stage2=dict(num_channels=(16, 32)),
            stage3=dict(num_channels=(16, 32, 64)),
            stage4=dict(num_channels=(16, 32, 64, 128)),
        )
    ),
    head=dict(in_channels=16),
)
