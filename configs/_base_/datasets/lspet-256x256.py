# LSP-extended, top-down, 256x256, boxes from the joints, PCK@0.2 of the torso. The json
# files come from tools/dataset_converters/lsp2coco.py, for example
#   python tools/dataset_converters/lsp2coco.py data/lspet \
#       --split train=1-2700 --split test=2701-3000 --allow-missing
# LSPET_ROOT can name another folder.
dataset_type = 'LspDataset'
data_mode = 'topdown'
data_root = '{{$LSPET_ROOT:data/lspet}}'
num_keypoints = 14
save_best = 'PCK@0.2'

codec = dict(
    type='BatchMSRAHeatmap', input_size=(256, 256), heatmap_size=(64, 64), sigma=2
)

# As for MPII: rotation of +-80 degrees, scale 0.5 to 1.5.
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='DeferredRandomFlip', direction='horizontal'),
    dict(type='FastRandomBBoxTransform', shift_prob=0),
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
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    collate_fn=dict(type='default_collate'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/lspet_train.json',
        data_prefix=dict(img='images/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/lspet_test.json',
        data_prefix=dict(img='images/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='TorsoPCKAccuracy', thr=0.2)
test_evaluator = val_evaluator
