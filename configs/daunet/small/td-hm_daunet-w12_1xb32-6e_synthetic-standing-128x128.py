# A small DAUNet on the easy synthetic figures, trained by `make demo PAPER=daunet`.
_base_ = [
    '../../_base_/small_runtime.py',
    '../../_base_/datasets/synthetic-standing-128x128.py',
    '../../_base_/models/daunet-w12.py',
    '../../_base_/schedules/small-6e-cosine.py',
]

model = dict(
    data_preprocessor=dict(codec=_base_.codec),
    head=dict(out_channels=_base_.num_keypoints, decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
default_hooks = dict(checkpoint=dict(save_best=_base_.save_best))
