# Only the augmentation that the paper names: random scale and flip.
_base_ = '../td-hm_sdhrnet_4xb32-210e_mpii-256x256.py'

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(type='FastRandomBBoxTransform', shift_prob=0, rotate_prob=0),
    dict(type='FlipTopdownAffine', input_size=_base_.codec.input_size),
    dict(type='PackLeanInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
