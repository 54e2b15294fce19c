# YOLO-Pose (YOLOv5s6-pose) and LRFG-YOLOPose, under names of their own: MMEngine
# refuses one key from two bases. Strides 8, 16, 32 and 64.
yolopose_channels = [128, 256, 384, 512]
yolopose_backbone = dict(
    _delete_=True,
    type='SCADKNet',
    arch='P6',
    deepen_factor=0.33,
    widen_factor=0.5,
    attention_stages=(),
    pooling=dict(type='SPP', kernel_sizes=(3, 5, 7)),
)
yolopose_neck = dict(
    _delete_=True,
    type='YOLOPosePAFPN',
    in_channels=yolopose_channels,
    num_csp_blocks=1,
    conv=dict(type='ConvModule'),
)
yolopose_head = dict(
    _delete_=True,
    type='YOLOPoseHead',
    num_keypoints=17,
    head_module=dict(
        type='YOLOPoseHeadModule', in_channels=yolopose_channels, implicit=False
    ),
)

# LRFG-YOLOPose: SCA in the last two C3 before the pooling, FGCSPP for the pooling,
# ghost convolutions in the neck and implicit vectors in the head.
lrfg_backbone = dict(
    _delete_=True,
    type='SCADKNet',
    arch='P6',
    deepen_factor=0.33,
    widen_factor=0.5,
    attention_stages=(3, 4),
    attention=dict(type='SCA'),
    pooling=dict(type='FGCSPP'),
)
lrfg_neck = dict(
    _delete_=True,
    type='YOLOPosePAFPN',
    in_channels=yolopose_channels,
    num_csp_blocks=1,
    conv=dict(type='GhostConv'),
)
lrfg_head = dict(
    _delete_=True,
    type='YOLOPoseHead',
    num_keypoints=17,
    head_module=dict(
        type='YOLOPoseHeadModule', in_channels=yolopose_channels, implicit=True
    ),
)

# For one CPU: half the channels at every level, about a quarter of parameters and
# operations.
small_channels = [64, 128, 192, 256]
yolopose_small_backbone = dict(yolopose_backbone, widen_factor=0.25)
lrfg_small_backbone = dict(lrfg_backbone, widen_factor=0.25)
yolopose_small_neck = dict(yolopose_neck, in_channels=small_channels)
lrfg_small_neck = dict(lrfg_neck, in_channels=small_channels)
yolopose_small_head = dict(
    yolopose_head,
    head_module=dict(
        type='YOLOPoseHeadModule', in_channels=small_channels, implicit=False
    ),
)
lrfg_small_head = dict(
    lrfg_head,
    head_module=dict(
        type='YOLOPoseHeadModule', in_channels=small_channels, implicit=True
    ),
)
