# SADI-Net and its hourglass for one CPU: a quarter of the widths and half of the
# blocks, 128x128 in, 32x32 out.
sadi_backbone = dict(
    _delete_=True,
    type='FortifiedHourglass',
    stem_channels=16,
    in_channels=16,
    stage_channels=(16, 32, 64, 128),
    stage_blocks=(1, 1, 1, 2),
    block='RFM',
    block_cfg=dict(se_ratio=4),
)
sadi_head = dict(
    type='SADIHead',
    in_channels=(16, 32, 64, 128),
    conv_out_channels=(64,),
    conv_kernel_sizes=(3,),
    sfm=dict(
        type='SpatialFusion',
        head_channels=(8, 16, 32, 64),
        final_channels=512,
        global_attention=dict(type='GlobalAttention', embed_channels=64),
    ),
    dlm=dict(type='DistributionLearning', points=65, moment_points=33),
    weighting=dict(type='SigmaWeighting'),
    rle_weight=3e-6,
)
hourglass_backbone = dict(
    _delete_=True,
    type='FortifiedHourglass',
    stem_channels=16,
    in_channels=16,
    stage_channels=(16, 32, 64, 128),
    stage_blocks=(1, 1, 1, 2),
    block='BasicBlock',
)
hourglass_neck = dict(type='FeatureMapProcessor', select_index=0)
hourglass_head = dict(in_channels=16, conv_out_channels=(64,), conv_kernel_sizes=(3,))
