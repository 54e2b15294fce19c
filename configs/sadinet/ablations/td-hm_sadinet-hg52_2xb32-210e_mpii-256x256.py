# The baseline-matching variant: MMPose's Hourglass-52 of RFM blocks, fused to F's widths.
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(
    backbone=dict(**_base_.hg52),
    head=dict(in_channels=_base_.hg52_channels, sfm=_base_.hg52_sfm),
)
