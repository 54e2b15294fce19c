# The same recipe for synthetic figures: shorter epochs, hence a shorter warm-up.
_base_ = './small-8e.py'

param_scheduler = [
    dict(type='LinearLR', begin=0, end=50, start_factor=0.01, by_epoch=False),
    dict(type='MultiStepLR', milestones=[6], gamma=0.1),
]
custom_hooks = [dict(type='ValBeforeTrainHook')]
