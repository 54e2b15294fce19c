# A small SADI-Net on the easy synthetic figures, trained by `make demo PAPER=sadinet`.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-standing-128x128.py',
    '../../_base_/models/sadinet-w16-slim.py',
    '../../_base_/schedules/small-6e-cosine.py',
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
