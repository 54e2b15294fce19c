# LSP-extended at 128x128, for the presets that one CPU can train. Not from any paper.
_base_ = './lspet-256x256.py'

codec = dict(
    type='BatchMSRAHeatmap', input_size=(128, 128), heatmap_size=(32, 32), sigma=1.5
)

augmentation = [
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(type='FastRandomBBoxTransform', shift_prob=0, rotate_factor=45),
]
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    *augmentation,
    dict(type='FlipTopdownAffine', input_size=codec['input_size']),
    dict(type='PackLeanInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='FastPackPoseInputs'),
]

train_dataloader = dict(num_workers=1, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(batch_size=64, num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader
