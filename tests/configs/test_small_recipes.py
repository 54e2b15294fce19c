"""The top-down presets for one CPU: one budget for all networks, not from a paper."""

import re

import pytest
from config_facts import CONFIGS, load, recipe_of, steps_of, values_of

SMALL = sorted(
    str(path.relative_to(CONFIGS).with_suffix(''))
    for path in CONFIGS.glob('*/small/td-hm_*.py')
    if not re.search('standing|_pyramid|_pretrained', path.stem)
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


# The widths of docs/papers: a quarter of DAUNet and SADI-Net, and SDHRNet at width 8.
PARTS = {
    'daunet/small/td-hm_daunet-w16': {
        'backbone.base_channels': 16,
        'neck.channels': (64, 32, 32),
        'neck.attention': dict(type='SGE', groups=8),
        'neck.rebuild': dict(type='SCRU'),
    },
    'sadinet/small/td-hm_sadinet-w16': {
        'backbone.stage_channels': (16, 32, 64, 128),
        'backbone.stage_blocks': (1, 1, 1, 2),
        'backbone.block_cfg': dict(se_ratio=4),
        'head.weighting': dict(type='SigmaWeighting'),
        'head.rle_weight': 3e-6,
    },
    'sadinet/small/td-hm_hourglass-w16': {
        'backbone.stage_channels': (16, 32, 64, 128),
        'backbone.stage_blocks': (1, 1, 1, 2),
        'backbone.block': 'BasicBlock',
    },
    'sdhrnet/small/td-hm_sdhrnet-w8': {'backbone.arch': 'w8-small'},
}


@pytest.mark.parametrize('data', ['lspet', 'synthetic'])
@pytest.mark.parametrize('name', PARTS)
def test_networks(name, data):
    model = load(f'{name}_1xb32-8e_{data}-128x128').model
    assert values_of(model, PARTS[name]) == PARTS[name]


def test_hourglass_has_the_widths_of_sadinet():
    end = '_2xb32-210e_mpii-256x256'
    full = load(f'sadinet/td-hm_sadinet{end}')
    hourglass = load(f'sadinet/ablations/td-hm_sadinet-hourglass{end}')
    assert {**hourglass.model.backbone, 'block': 'RFM'} == full.model.backbone
    expected = {
        'neck': dict(type='FeatureMapProcessor', select_index=0),
        'head.type': 'HeatmapHead',
        'head.in_channels': 64,
        'head.conv_out_channels': (256,),
        'head.conv_kernel_sizes': (3,),
    }
    assert values_of(hourglass.model, expected) == expected
    assert steps_of(hourglass.train_dataloader.dataset.pipeline) == steps_of(
        full.train_dataloader.dataset.pipeline
    )
    assert recipe_of(f'sadinet/ablations/td-hm_sadinet-hourglass{end}') == recipe_of(
        f'sadinet/td-hm_sadinet{end}'
    )


STANDING = 'ca_hrnet/small/td-hm_ca-hrnet-w16_1xb32-6e_synthetic-standing-128x128'


def test_the_demo_has_easy_figures_and_a_steeper_recipe():
    config = load(STANDING)
    recipe = recipe_of(STANDING)
    assert (recipe['optimizer']['name'], recipe['optimizer']['lr']) == ('Adam', 5e-3)
    assert (recipe['batch'], recipe['epochs']) == ((1, 32, 32), 6)
    warm_up, cosine = config.param_scheduler
    assert (warm_up.end, cosine.type, cosine.end) == (30, 'CosineAnnealingLR', 6)
    train, val = config.train_dataloader.dataset, config.val_dataloader.dataset
    assert (train.num_images, val.num_images) == (1500, 150)
    assert (train.seed, val.seed) == (0, 1)
    for key in ('size', 'persons', 'occluders', 'clutter', 'families', 'turn', 'whole'):
        assert train[key] == val[key], key
    assert (train.persons, train.occluders, train.turn) == ((1, 1), 0.0, 60)
    assert train.whole
    steps = dict(steps_of(train.pipeline))
    assert steps['RandomBBoxTransform']['scale_factor'] == (0.85, 1.2)
    extra = config.model.backbone.extra
    assert extra.stage4.num_channels == (16, 32, 64, 128)
    assert extra.stage1.num_channels == (8,)
