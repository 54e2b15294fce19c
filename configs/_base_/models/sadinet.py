# SADI-Net. The paper prints F_1 to F_4 with 64, 128, 256 and 512 channels at 64, 32, 16
# and 8 px.
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='FastPoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='FortifiedHourglass',
        stage_channels=(64, 128, 256, 512),
        stage_blocks=(2, 2, 2, 4),
        block='RFM',
    ),
    head=dict(
        type='SADIHead',
        in_channels=(64, 128, 256, 512),
        deconv_out_channels=None,
        conv_out_channels=(256,),
        conv_kernel_sizes=(3,),
        sfm=dict(type='SpatialFusion'),
        dlm=dict(type='DistributionLearning'),
        weighting=dict(type='SigmaWeighting'),
        rle_weight=3e-6,
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
