# The hourglass of the small SADI-Net's widths, without SFM and DLM.
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
        block='BasicBlock',
    ),
    neck=dict(type='FeatureMapProcessor', select_index=0),
    head=dict(
        type='HeatmapHead',
        in_channels=16,
        deconv_out_channels=None,
        conv_out_channels=(64,),
        conv_kernel_sizes=(3,),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
