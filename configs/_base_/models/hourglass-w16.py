# The hourglass with the small SADI-Net's widths, without SFM and DLM.
_base_ = './hourglass.py'

model = dict(
    backbone=dict(
        stem_channels=16,
        in_channels=16,
        stage_channels=(16, 32, 64, 128),
        stage_blocks=(1, 1, 1, 2),
    ),
    head=dict(in_channels=16, conv_out_channels=(64,)),
)
