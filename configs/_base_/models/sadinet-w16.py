# SADI-Net for one CPU: a quarter of the widths and half of the blocks, 128x128 in,
# 32x32 out.
_base_ = './sadinet.py'

model = dict(
    backbone=dict(
        stem_channels=16,
        in_channels=16,
        stage_channels=(16, 32, 64, 128),
        stage_blocks=(1, 1, 1, 2),
        block_cfg=dict(se_ratio=4),
    ),
    head=dict(
        in_channels=(16, 32, 64, 128),
        conv_out_channels=(64,),
        sfm=dict(
            head_channels=(8, 16, 32, 64),
            final_channels=512,
            global_attention=dict(type='GlobalAttention', embed_channels=64),
        ),
        dlm=dict(points=65, moment_points=33),
    ),
)
