# SADI-Net as the paper trains it (section IV-C), on MPII.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/mpii-256x256.py',
    '../_base_/models/sadinet.py',
    '../_base_/schedules/sadinet.py',
]

# Heat maps for H1 and H2, positions for the likelihood.
codec = dict(_base_.codec, type='IntegralRegressionLabel', normalize=False)
model = dict(head=dict(out_channels=_base_.num_keypoints, decoder=codec))

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    *_base_.augmentation,
    dict(type='FlipTopdownAffine', input_size=_base_.codec.input_size),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='FastPackPoseInputs'),
]
train_dataloader = dict(
    batch_size=32,
    collate_fn=dict(type='pseudo_collate'),
    dataset=dict(pipeline=train_pipeline),
)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
