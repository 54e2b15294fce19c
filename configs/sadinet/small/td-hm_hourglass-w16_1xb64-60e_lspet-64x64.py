# The small hourglass on LSP-extended for sixty epochs, at a quarter of the pixels.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/lspet-64x64.py',
    '../../_base_/models/hourglass-w16.py',
    '../../_base_/schedules/small-60e-cosine.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
