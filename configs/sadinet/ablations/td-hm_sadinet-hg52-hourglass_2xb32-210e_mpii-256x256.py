# MMPose's Hourglass-52 (six levels), which matches the accuracy of the baseline in
# Tables 3 and 4, under this recipe.
_base_ = './td-hm_sadinet-hourglass_2xb32-210e_mpii-256x256.py'

model = dict(
    backbone=dict(
        stem_channels=128,
        in_channels=256,
        stage_channels=(256, 256, 384, 384, 384, 512),
        stage_blocks=(2, 2, 2, 2, 2, 4),
        num_outs=4,
    ),
    head=dict(in_channels=256),
)
