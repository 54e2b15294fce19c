# LRFG-YOLOPose for a few minutes on one CPU: 8 channels in the stem, and the three coarse
# stages of YOLOv5s instead of the four of YOLOv5s6, since at 128 px stride 64 leaves 2 x 2
# cells. SCA sits in the last two stages before the pooling, as in the paper's network. Only
# the maps at strides 16 and 32 have a head. Not from any paper.
_base_ = './lrfg_yolopose.py'

channels = [64, 128]
model = dict(
    backbone=dict(
        arch='P5', widen_factor=0.125, attention_stages=(2, 3), out_indices=(3, 4)
    ),
    neck=dict(in_channels=channels),
    head=dict(
        # Twelve convolutions in a row learn slowly.
        head_module=dict(in_channels=channels, num_kpt_blocks=2),
        strides=(16, 32),
        level_balance=(1.0, 1.0),
        # At the published gains and 128 px, objectness has a 25th of its gradient at
        # 640 px.
        loss_obj=dict(type='BCELoss', loss_weight=25.0),
        loss_bbox=dict(type='CIoULoss', loss_weight=0.1),
        loss_kpt=dict(
            type='MicroOKSLoss',
            metainfo='configs/_base_/datasets/coco.py',
            loss_weight=0.3,
            # The published loss has no gradient for predictions far from the joint.
            widenings=(1, 2, 4, 8),
        ),
    ),
)
