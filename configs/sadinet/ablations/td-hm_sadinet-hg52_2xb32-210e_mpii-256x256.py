# The baseline-matching variant: MMPose's Hourglass-52 (six levels) built of RFM blocks,
# its four finest maps fused to the paper's widths.
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(
    backbone=dict(
        stem_channels=128,
        in_channels=256,
        stage_channels=(256, 256, 384, 384, 384, 512),
        stage_blocks=(2, 2, 2, 2, 2, 4),
        num_outs=4,
    ),
    head=dict(
        in_channels=(256, 256, 384, 384),
        sfm=dict(channels=(64, 128, 256, 512), fusion=dict(type='CrossScaleFusion')),
    ),
)
