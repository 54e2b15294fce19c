# SDHRNet as the paper trains it (section 4.2), on COCO, with detector boxes.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/coco-256x192.py',
    '../_base_/models/sdhrnet.py',
    '../_base_/schedules/sdhrnet.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
