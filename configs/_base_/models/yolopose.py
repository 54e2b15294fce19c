# YOLO-Pose (YOLOv5s6-pose). Strides 8, 16, 32 and 64.
channels = [128, 256, 384, 512]
model = dict(
    type='BottomupPoseEstimator',
    # RGB from 0 to 1, padded to a multiple of the coarsest stride.
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[0, 0, 0],
        std=[255, 255, 255],
        bgr_to_rgb=True,
        pad_size_divisor=64,
    ),
    backbone=dict(
        type='SCADKNet',
        arch='P6',
        deepen_factor=0.33,
        widen_factor=0.5,
        attention_stages=(),
        pooling=dict(type='SPP', kernel_sizes=(3, 5, 7)),
    ),
    neck=dict(
        type='YOLOPosePAFPN',
        in_channels=channels,
        num_csp_blocks=1,
        conv=dict(type='ConvModule'),
    ),
    head=dict(
        type='YOLOPoseHead',
        head_module=dict(
            type='YOLOPoseHeadModule', in_channels=channels, implicit=False
        ),
    ),
    test_cfg=dict(score_thr=0.001, nms_thr=0.65, max_per_img=300),
)
