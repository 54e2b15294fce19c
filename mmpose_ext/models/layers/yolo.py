"""What every convolution of YOLOv5, YOLO-Pose and LRFG-YOLOPose carries."""

# Norm and activation; MMPose's own default, Swish, is the same function, slower.
YOLO_NORM = dict(type='BN', momentum=0.03, eps=0.001)
YOLO_ACT = dict(type='SiLU')
