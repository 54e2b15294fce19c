# DAUNet for one CPU: a quarter of the encoder's width and an eighth of the decoder's,
# 1.80 M parameters, 0.119 G at 128x128 (paper's counter). SGE keeps 8 channels a group.
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='FastPoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='DAUNetEncoder',
        depth=50,
        block='IBNBottleneck',
        stem_channels=16,
        base_channels=16,
    ),
    neck=dict(
        type='DAUNetDecoder',
        in_channels=(64, 128, 256, 512),
        channels=(64, 32, 32),
        rebuild=dict(type='SCRU'),
        attention=dict(type='SGE', groups=8),
    ),
    head=dict(
        type='Float32HeatmapHead',
        in_channels=32,
        deconv_out_channels=None,
        final_layer=dict(kernel_size=3, padding=1),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
