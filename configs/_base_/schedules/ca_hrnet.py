# CA-HRNet's recipe (section 4.1), under names of its own: MMEngine refuses one key
# from two bases, and the data files bring `param_scheduler` and its like along.
ca_optimizer = dict(type='Adam', lr=5e-4)

# No warm-up is mentioned. "Every 3.6 million iterations" is never reached at batch
# 16; the accuracy of Fig. 5 settles at epoch 165, which is HRNet's own schedule.
ca_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]

# Rotation of +-45 degrees and scale 0.7 to 1.35; besides crop and flip nothing else
# is named, so no half-body crop and no shift.
ca_bbox_transform = dict(
    type='RandomBBoxTransform',
    shift_prob=0,
    scale_factor=(0.7, 1.35),
    rotate_factor=45,
)
