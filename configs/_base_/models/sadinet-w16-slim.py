# SADI-Net-W16 with half of the channels at the lowest resolution and a smaller
# classifier, so that its weights are small.
_base_ = './sadinet-w16.py'

model = dict(
    backbone=dict(stage_channels=(16, 32, 64, 64)),
    head=dict(
        in_channels=(16, 32, 64, 64),
        sfm=dict(head_channels=(8, 16, 32, 32), final_channels=128),
    ),
)
