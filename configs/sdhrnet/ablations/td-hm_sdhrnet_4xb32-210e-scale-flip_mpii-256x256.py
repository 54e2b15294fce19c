# The augmentation to the letter: random scale and flip, nothing else.
_base_ = '../td-hm_sdhrnet_4xb32-210e_mpii-256x256.py'

train_pipeline = [
    *_base_.train_pipeline[:3],
    dict(type='RandomBBoxTransform', shift_prob=0, rotate_prob=0),
    *_base_.train_pipeline[-3:],
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
