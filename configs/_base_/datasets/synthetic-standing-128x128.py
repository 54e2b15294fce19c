# The easy synthetic figures of figures/standing.py, for a first look. Figures for
# testing come from another seed. synthetic-128x128.py is the hard set. Not from any paper.
_base_ = ['./synthetic-128x128.py', '../figures/standing.py']

augmentation = [
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(
        type='FastRandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.85, 1.2),
        rotate_factor=20,
    ),
]
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    *augmentation,
    dict(type='FlipTopdownAffine', input_size=_base_.codec.input_size),
    dict(type='PackLeanInputs'),
]
train_dataloader = dict(
    dataset=dict(num_images=1500, pipeline=train_pipeline, **_base_.figures)
)
val_dataloader = dict(dataset=dict(**_base_.figures))
test_dataloader = val_dataloader
