# CA-HRNet's recipe (section 4.1): Adam, 5e-4, batch 16, 210 epochs.
train_cfg = dict(by_epoch=True, max_epochs=210, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=5e-4))

# The paper mentions no warm-up. "Every 3.6 million iterations" is never reached at
# batch 16; the accuracy in Fig. 5 settles at about epoch 165, which fits HRNet's own
# schedule.
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
auto_scale_lr = dict(base_batch_size=16)

# Flip, rotation of +-45 degrees and scale 0.7 to 1.35. The paper names nothing else but
# the crop, so there is no half-body crop and no shift.
augmentation = [
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(
        type='FastRandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.7, 1.35),
        rotate_factor=45,
    ),
]
