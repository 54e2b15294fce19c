# YOLO-Pose for one CPU: half the channels at every level, about a quarter of the
# parameters and operations. Not from any paper.
_base_ = './yolopose.py'

channels = [64, 128, 192, 256]
model = dict(
    backbone=dict(widen_factor=0.25),
    neck=dict(in_channels=channels),
    head=dict(
        head_module=dict(in_channels=channels),
        # The published anchors are for 960 px; these are for 256 px.
        anchor_scale=256 / 960,
        # The published loss has no gradient for predictions far from the joint, so that
        # it takes longer to train.
        loss_kpt=dict(
            type='MicroOKSLoss',
            metainfo='configs/_base_/datasets/coco.py',
            loss_weight=0.1,
            widenings=(1, 2, 4, 8),
        ),
    ),
)
