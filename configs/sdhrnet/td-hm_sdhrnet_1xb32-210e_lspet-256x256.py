# SDHRNet on LSP-extended. Not in the paper: its schedule, on one device.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/lspet-256x256.py',
    '../_base_/models/sdhrnet.py',
    '../_base_/schedules/sdhrnet.py',
]

model = dict(head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec))
train_dataloader = dict(batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
