# HRNet-W32 with SDHRNet's schedule, from HRNet's own initialization: Table 3's first row.
_base_ = [
    '../../_base_/default_runtime.py',
    '../../_base_/datasets/coco-256x192.py',
    '../../_base_/models/hrnet-w32-scratch.py',
    '../../_base_/schedules/sdhrnet.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
