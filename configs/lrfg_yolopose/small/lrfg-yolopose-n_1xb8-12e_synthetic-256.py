# The small LRFG-YOLOPose on synthetic scenes, trained as the small YOLO-Pose.
_base_ = './yolopose-n_1xb8-12e_synthetic-256.py'

model = dict(
    backbone=_base_.lrfg_small_backbone,
    neck=_base_.lrfg_small_neck,
    head=dict(head_module=dict(implicit=True)),
)
