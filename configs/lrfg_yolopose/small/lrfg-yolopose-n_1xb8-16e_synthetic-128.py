# The small LRFG-YOLOPose, trained like the small YOLO-Pose.
_base_ = './yolopose-n_1xb8-16e_synthetic-128.py'

model = dict(
    backbone=dict(
        attention_stages=(3, 4),
        attention=dict(type='SCA'),
        pooling=dict(_delete_=True, type='FGCSPP'),
    ),
    neck=dict(conv=dict(type='GhostConv')),
    head=dict(head_module=dict(implicit=True)),
)
