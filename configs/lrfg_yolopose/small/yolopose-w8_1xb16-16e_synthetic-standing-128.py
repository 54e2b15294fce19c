# The small YOLO-Pose on the easy scenes, trained as the small LRFG-YOLOPose.
_base_ = './lrfg-yolopose-w8_1xb16-16e_synthetic-standing-128.py'

model = dict(
    backbone=dict(
        attention_stages=(),
        pooling=dict(_delete_=True, type='SPP', kernel_sizes=(3, 5, 7)),
    ),
    neck=dict(conv=dict(type='ConvModule')),
    head=dict(head_module=dict(implicit=False)),
)
