# The easy synthetic figures, for a first look: one person, whole in the picture, who
# stands or walks, turned at most 60 degrees away, before moderate clutter. Unseen figures
# are of another seed. synthetic-128x128.py is the hard set. Not from any paper.
_base_ = './synthetic-128x128.py'

figures = dict(
    size=(160, 160),
    persons=(1, 1),
    occluders=0.0,
    clutter=0.5,
    families=('stand', 'walk', 'contrapposto', 'straddle'),
    turn=60,
    whole=True,
)
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
    dataset=dict(**figures, num_images=1500, pipeline=train_pipeline)
)
val_dataloader = dict(dataset=dict(**figures))
test_dataloader = val_dataloader
