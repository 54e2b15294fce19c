# The small LRFG-YOLOPose on synthetic scenes, trained like the small YOLO-Pose.
_base_ = './yolopose-n_1xb8-12e_synthetic-256.py'

model = dict(
    backbone=dict(
        attention_stages=(3, 4),
        attention=dict(type='SCA'),
        pooling=dict(_delete_=True, type='FGCSPP'),
    ),
    neck=dict(conv=dict(type='GhostConv')),
    head=dict(head_module=dict(implicit=True)),
)
