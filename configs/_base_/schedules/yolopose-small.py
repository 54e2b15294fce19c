# The recipe of the one-stage presets that one CPU can train: from scratch within
# minutes, in batches too small for the published SGD. Not from any paper.
_base_ = './yolopose.py'

optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=2e-3, weight_decay=0.01)
)
param_scheduler = [
    dict(
        type='WarmupCosineLR',
        warmup_epochs=1,
        min_warmup_iters=0,
        bias_start=0.0,
        floor=0.02,
        begin=0,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
auto_scale_lr = dict(base_batch_size=8)
