# The data that SADI-Net trains on for its LSP results: the 11,000 training images of LSP (1,000)
# and LSP-extended (10,000) and MPII's training people, in LSP's 14 joints. Tested on
# LSP's other 1,000 images, PCK@0.2 of the torso. The json files come from
#   python tools/dataset_converters/lsp2coco.py data/lsp
#   python tools/dataset_converters/lsp2coco.py data/lspet
# and MPII's from MMPose (mpii_train.json, 22,246 people) or from mpii_mat2json.py.
# LSP_ROOT, LSPET_ROOT and MPII_ROOT can name other folders.
dataset_type = 'LspDataset'
data_mode = 'topdown'
lsp_root = '{{$LSP_ROOT:data/lsp}}'
lspet_root = '{{$LSPET_ROOT:data/lspet}}'
mpii_root = '{{$MPII_ROOT:data/mpii}}'
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
        type='CombinedPoseDataset',
        convention='lsp',
        datasets=[
            dict(
                type=dataset_type,
                data_root=lsp_root,
                ann_file='annotations/lsp_train.json',
                data_prefix=dict(img='images/'),
            ),
            dict(
                type=dataset_type,
                data_root=lspet_root,
                ann_file='annotations/lspet_train.json',
                data_prefix=dict(img='images/'),
            ),
            dict(
                type='MpiiDataset',
                data_root=mpii_root,
                ann_file='annotations/mpii_train.json',
                data_prefix=dict(img='images/'),
            ),
        ],
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
        data_root=lsp_root,
        data_mode=data_mode,
        ann_file='annotations/lsp_test.json',
        data_prefix=dict(img='images/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='TorsoPCKAccuracy', thr=0.2)
test_evaluator = val_evaluator
