# CA-HRNet-W32 on LSP-extended. Not in the paper; trained with its COCO
# schedule.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/lspet-256x256.py',
    '../_base_/models/ca_hrnet-w32.py',
    '../_base_/schedules/ca_hrnet.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    *_base_.augmentation,
    dict(type='FlipTopdownAffine', input_size=_base_.codec.input_size),
    dict(type='PackLeanInputs'),
]
train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline))
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
