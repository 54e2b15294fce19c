# SDHRNet on LSP-extended. Not in the paper; trained with its schedule and rate on
# one device at a batch of 32.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/lspet-256x256.py',
    '../_base_/models/sdhrnet.py',
    '../_base_/schedules/sdhrnet.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
auto_scale_lr = dict(base_batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
