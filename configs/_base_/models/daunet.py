# DAUNet. Strides 4, 8, 16, 32 and back to 4.
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
        # "Pre-trained in the convolutional network part": every tensor that an ImageNet
        # ResNet-50 provides.
        init_cfg=dict(type='PretrainedResNet', checkpoint='torchvision://resnet50'),
    ),
    neck=dict(
        type='DAUNetDecoder',
        in_channels=(256, 512, 1024, 2048),
        channels=(512, 256, 256),
        rebuild=dict(type='SCRU'),
        attention=dict(type='SGE', groups=64),
    ),
    head=dict(
        type='Float32HeatmapHead',
        in_channels=256,
        deconv_out_channels=None,
        final_layer=dict(kernel_size=3, padding=1),
        loss=dict(type='KeypointMSELoss', use_target_weight=True),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)
