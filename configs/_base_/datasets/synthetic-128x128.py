# Synthetic figures in LSP's 14 joints, top-down, 128x128, PCK@0.2 of the torso, for the
# presets that one CPU can train: nothing to download. Not from any paper.
dataset_type = 'SyntheticPoseDataset'
data_mode = 'topdown'
num_keypoints = 14
save_best = 'PCK@0.2'

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

train_dataloader = dict(
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    collate_fn=dict(type='default_collate'),
    dataset=dict(
        type=dataset_type,
        convention='lsp',
        num_images=800,
        seed=0,
        persons=(1, 2),
        cache_images=True,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=64,
    num_workers=1,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        convention='lsp',
        num_images=150,
        seed=1,
        persons=(1, 2),
        cache_images=True,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='TorsoPCKAccuracy', thr=0.2)
test_evaluator = val_evaluator
