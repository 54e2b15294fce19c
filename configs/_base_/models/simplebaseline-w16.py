# SimpleBaseline with ResNet-50 at the width of the small DAUNet. The deconvolutions are
# narrowed until parameters (1.78 M) and operations (0.120 G) match DAUNet's.
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='FastPoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='ResNet', depth=50, stem_channels=16, base_channels=16),
    head=dict(
        type='HeatmapHead',
        in_channels=512,
        deconv_out_channels=(32, 32, 32),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
