"""The top-down presets for one CPU: one budget for all networks, not from a paper."""

import pytest
from config_facts import CONFIGS, load, recipe_of, steps_of

SMALL = sorted(
    str(path.relative_to(CONFIGS).with_suffix(''))
    for path in CONFIGS.glob('*/small/td-hm_*.py')
    if not path.stem.endswith('_pyramid')
)
# Iterations of warm-up: about one epoch of LSP-extended, two of the synthetic figures.
WARM_UP = {'lspet': 100, 'synthetic': 50}


@pytest.mark.parametrize('name', SMALL)
def test_budget(name):
    longer = '-24e_' in name
    recipe = recipe_of(name)
    optimizer = recipe['optimizer']
    assert (optimizer['name'], optimizer['lr']) == ('Adam', 1e-3)
    assert optimizer['weight_decay'] == 0
    assert recipe['batch'] == (1, 32, 32)
    assert recipe['epochs'] == (24 if longer else 8)
    warm_up, steps = load(name).param_scheduler
    data = name.rsplit('_', 1)[1].split('-')[0]
    assert warm_up == dict(
        type='LinearLR',
        begin=0,
        end=WARM_UP[data],
        start_factor=0.01,
        by_epoch=False,
    )
    milestones = [18, 22] if longer else [6]
    assert steps == dict(type='MultiStepLR', milestones=milestones, gamma=0.1)


@pytest.mark.parametrize('name', SMALL)
def test_data_and_start(name):
    config = load(name)
    codec = config.codec
    assert (codec.input_size, codec.heatmap_size) == ((128, 128), (32, 32))
    assert codec.sigma == 1.5
    _, flip, box, _ = steps_of(config.train_dataloader.dataset.pipeline)
    assert flip == ('RandomFlip', dict(prob=0.5, direction='horizontal'))
    assert (box[1]['shift_prob'], box[1]['rotate_factor']) == (0, 45)
    assert box[1]['scale_factor'] == (0.5, 1.5)
    assert config.model.backbone.get('init_cfg') is None
    assert config.model.test_cfg.flip_test
    assert config.default_hooks.checkpoint.save_best == 'PCK@0.2'
    dataset = config.train_dataloader.dataset
    if dataset.type == 'SyntheticPoseDataset':
        val = config.val_dataloader.dataset
        assert (dataset.num_images, val.num_images) == (800, 150)
        assert (dataset.seed, val.seed) == (0, 1)
    else:
        assert dataset.ann_file == 'annotations/lspet_train.json'
