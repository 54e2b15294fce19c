# SADI-Net at full width and its recipe (section IV-C), under names of its own: MMEngine
# refuses one key from two bases, and the data files bring `model` and the rest along.

# The paper prints F_1 to F_4 with 64, 128, 256 and 512 channels at 64, 32, 16, 8 px.
sadi_backbone = dict(
    _delete_=True,
    type='FortifiedHourglass',
    stage_channels=(64, 128, 256, 512),
    stage_blocks=(2, 2, 2, 4),
    block='RFM',
)
sadi_head = dict(
    type='SADIHead',
    in_channels=(64, 128, 256, 512),
    conv_out_channels=(256,),
    conv_kernel_sizes=(3,),
    sfm=dict(type='SpatialFusion'),
    dlm=dict(type='DistributionLearning'),
    weighting=dict(type='SigmaWeighting'),
    rle_weight=3e-6,
)

# Without SFM and DLM: MMPose's own head on F_1, which is the finest map and so the
# first.
hourglass_neck = dict(type='FeatureMapProcessor', select_index=0)
hourglass_head = dict(
    in_channels=64,
    conv_out_channels=(256,),
    conv_kernel_sizes=(3,),
)

# MMPose's Hourglass-52 (six levels), the baseline of Tables 3 and 4 by its accuracy;
# its four finest maps are fused to the paper's widths.
hg52 = dict(
    stem_channels=128,
    in_channels=256,
    stage_channels=(256, 256, 384, 384, 384, 512),
    stage_blocks=(2, 2, 2, 2, 2, 4),
    num_outs=4,
)
hg52_channels = (256, 256, 384, 384)
hg52_sfm = dict(channels=(64, 128, 256, 512), fusion=dict(type='CrossScaleFusion'))

# Adam from 1e-3, x0.1 at epochs 170 and 200, no warm-up named. 210 epochs and 32
# people on each of the paper's two cards are our choice.
sadi_optimizer = dict(type='Adam', lr=1e-3)
sadi_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
sadi_batch_size = 32
sadi_auto_scale_lr = dict(base_batch_size=64)

# Rotation of +-80 degrees, scale 0.5 to 1.5: MMPose's defaults, written out.
sadi_bbox_transform = dict(
    type='RandomBBoxTransform',
    shift_prob=0,
    scale_factor=(0.5, 1.5),
    rotate_factor=80,
)
