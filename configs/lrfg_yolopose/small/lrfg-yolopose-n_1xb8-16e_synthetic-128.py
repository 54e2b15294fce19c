# The small LRFG-YOLOPose, trained as the small YOLO-Pose.
_base_ = './yolopose-n_1xb8-16e_synthetic-128.py'

model = dict(
    backbone=_base_.lrfg_small_backbone,
    neck=_base_.lrfg_small_neck,
    head=dict(head_module=dict(implicit=True)),
)
