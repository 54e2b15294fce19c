"""Norm and activation of the convolutions of YOLOv5, YOLO-Pose and LRFG-YOLOPose."""

import math

# Norm and activation; MMPose's own default, Swish, is the same function but slower.
YOLO_NORM = dict(type='BN', momentum=0.03, eps=0.001)
YOLO_ACT = dict(type='SiLU')

# Torch's own initialization of a convolution, which mmcv's ConvModule replaces.
YOLO_INIT = dict(
    type='Kaiming',
    layer='Conv2d',
    a=math.sqrt(5),
    distribution='uniform',
    mode='fan_in',
    nonlinearity='leaky_relu',
)
