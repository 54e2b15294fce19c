# SADI-Net's hourglass without SFM and DLM: MMPose's own head on F_1, the finest map.
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
        block='BasicBlock',
    ),
    neck=dict(type='FeatureMapProcessor', select_index=0),
    head=dict(
        type='HeatmapHead',
        in_channels=64,
        deconv_out_channels=None,
        conv_out_channels=(256,),
        conv_kernel_sizes=(3,),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
