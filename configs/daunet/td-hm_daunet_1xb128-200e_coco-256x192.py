# DAUNet as the paper trains it (section 4.3.2), on COCO, with detector boxes.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/coco-256x192.py',
    '../_base_/models/daunet.py',
    '../_base_/schedules/daunet.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=128)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
