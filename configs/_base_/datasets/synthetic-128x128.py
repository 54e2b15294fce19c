# Synthetic figures (mmpose_ext/datasets/synthetic), LSP's 14 joints, 128x128,
# PCK@0.2 of the torso: nothing to download, a budget of minutes on two cores.
_base_ = './lspet-128x128.py'

dataset_type = 'SyntheticPoseDataset'

train_cfg = dict(max_epochs=8, val_interval=2)
param_scheduler = [
    dict(type='LinearLR', begin=0, end=50, start_factor=0.01, by_epoch=False),
    dict(type='MultiStepLR', milestones=[6], gamma=0.1),
]

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type=dataset_type,
        convention='lsp',
        num_images=800,
        seed=0,
        persons=(1, 2),
        cache_images=True,
        pipeline=_base_.train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type=dataset_type,
        convention='lsp',
        num_images=150,
        seed=1,
        persons=(1, 2),
        cache_images=True,
        test_mode=True,
        pipeline=_base_.val_pipeline,
    )
)
test_dataloader = val_dataloader
default_hooks = dict(logger=dict(interval=20))
custom_hooks = [dict(type='SyncBuffersHook'), dict(type='ValBeforeTrainHook')]
