# SADI-Net's recipe (section IV-C): Adam from 1e-3, x0.1 at epochs 170 and 200. The
# paper mentions no warm-up. 210 epochs, and 32 people on each of its two GPUs, are our
# choice.
train_cfg = dict(by_epoch=True, max_epochs=210, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3))
param_scheduler = [dict(type='MultiStepLR', milestones=[170, 200], gamma=0.1)]
auto_scale_lr = dict(base_batch_size=64)

# Rotation of +-80 degrees, scale 0.5 to 1.5.
augmentation = [
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(
        type='FastRandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.5, 1.5),
        rotate_factor=80,
    ),
]
