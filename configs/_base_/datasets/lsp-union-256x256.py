# What SADI-Net trains on for its LSP figures: LSP's 1,000 and LSP-extended's 10,000
# training images (11,000) and MPII's training people, in LSP's 14 joints; tested on
# LSP's other 1,000 images, PCK@0.2 of the torso. The json files come from
#   python tools/dataset_converters/lsp2coco.py data/lsp
#   python tools/dataset_converters/lsp2coco.py data/lspet
# and MPII's from MMPose (mpii_train.json, 22,246 people) or mpii_mat2json.py.
# LSP_ROOT, LSPET_ROOT and MPII_ROOT name other folders.
_base_ = './lspet-256x256.py'

lsp_root = '{{$LSP_ROOT:data/lsp}}'
lspet_root = '{{$LSPET_ROOT:data/lspet}}'
mpii_root = '{{$MPII_ROOT:data/mpii}}'

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedPoseDataset',
        convention='lsp',
        datasets=[
            dict(
                type='LspDataset',
                data_root=lsp_root,
                ann_file='annotations/lsp_train.json',
                data_prefix=dict(img='images/'),
            ),
            dict(
                type='LspDataset',
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
        pipeline=_base_.train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(data_root=lsp_root, ann_file='annotations/lsp_test.json')
)
test_dataloader = val_dataloader
