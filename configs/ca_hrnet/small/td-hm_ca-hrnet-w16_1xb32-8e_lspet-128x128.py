# The network that is shipped as `ca_hrnet`, from scratch on LSP-extended.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/lspet-128x128.py',
    '../../_base_/models/ca_hrnet-w16.py',
    '../../_base_/schedules/small-8e.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
