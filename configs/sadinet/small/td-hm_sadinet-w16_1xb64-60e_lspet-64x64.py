# The small SADI-Net on LSP-extended for sixty epochs, at a quarter of the pixels. H2 is
# validated beside H1.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/lspet-64x64.py',
    '../../_base_/models/sadinet-w16.py',
    '../../_base_/schedules/small-60e-cosine.py',
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
    collate_fn=dict(type='pseudo_collate'), dataset=dict(pipeline=train_pipeline)
)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
custom_hooks = [
    dict(type='ValBeforeTrainHook'),
    dict(type='OutputsValHook', outputs=('h2',)),
]
