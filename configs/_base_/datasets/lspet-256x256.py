# LSP-extended, top-down, 256x256, boxes from the joints, PCK@0.2 of the torso.
# The json files come from tools/dataset_converters/lsp2coco.py, for example
#   python tools/dataset_converters/lsp2coco.py data/lspet \
#       --split train=1-2700 --split test=2701-3000 --allow-missing
# and LSPET_ROOT names another folder. Codec and model start from MMPose's
# HRNet-W32 config for MPII at the same size.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/mpii/'
    'td-hm_hrnet-w32_8xb64-210e_mpii-256x256.py',
    '../default_runtime.py',
]

dataset_type = 'LspDataset'
data_root = '{{$LSPET_ROOT:data/lspet}}'

default_hooks = dict(checkpoint=dict(save_best='PCK@0.2', rule='greater'))
model = dict(head=dict(out_channels=14))

# The same steps as MMPose's, but a damaged image is an error that names it.
train_pipeline = [dict(type='LoadCheckedImage'), *_base_.train_pipeline[1:]]
val_pipeline = [dict(type='LoadCheckedImage'), *_base_.val_pipeline[1:]]

train_dataloader = dict(
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotations/lspet_train.json',
        pipeline=train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type=dataset_type,
        data_root=data_root,
        data_mode='topdown',
        ann_file='annotations/lspet_test.json',
        data_prefix=dict(img='images/'),
        test_mode=True,
        pipeline=val_pipeline,
    )
)
test_dataloader = val_dataloader
val_evaluator = dict(_delete_=True, type='TorsoPCKAccuracy', thr=0.2)
test_evaluator = val_evaluator
