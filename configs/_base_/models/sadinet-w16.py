# SADI-Net for one CPU: a quarter of the widths and half of the blocks, 128x128 in,
# 32x32 out.
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='FortifiedHourglass',
        stem_channels=16,
        in_channels=16,
        stage_channels=(16, 32, 64, 128),
        stage_blocks=(1, 1, 1, 2),
        block='RFM',
        block_cfg=dict(se_ratio=4),
    ),
    head=dict(
        type='SADIHead',
        in_channels=(16, 32, 64, 128),
        deconv_out_channels=None,
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
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
