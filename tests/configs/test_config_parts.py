"""The parts in `configs/_base_` hold what their folder says, and configs stay plain."""

import re

import pytest
from config_facts import CONFIGS, READ, load

# What MMPose's inferencers read of a config, besides model and test pipeline.
NAMES = {'data_mode', 'dataset_type'}
# What a part may set of all that is read.
LOADERS = {f'{split}_dataloader' for split in ('train', 'val', 'test')}
HOLDS = {
    'datasets': LOADERS | {'val_evaluator', 'test_evaluator', 'codec', *NAMES},
    'models': {'model'},
    'schedules': {
        *('train_cfg', 'optim_wrapper', 'param_scheduler', 'auto_scale_lr'),
        'custom_hooks',
    },
    'figures': set(),  # arguments of synthetic data sets, for other parts
    # Merged over whole configs by the leaderboard.
    'budgets': LOADERS
    | {'train_cfg', 'optim_wrapper', 'param_scheduler', 'default_hooks'},
}
# What leaves join from a data part.
EXPOSES = {'num_keypoints', 'save_best', 'train_pipeline', 'val_pipeline', 'codec'}
FILES = sorted(
    str(path.relative_to(CONFIGS).with_suffix('')) for path in CONFIGS.rglob('*.py')
)


@pytest.mark.parametrize(
    'name', [f for f in FILES if f.count('/') == 2 and '_base_' in f]
)
def test_a_part_holds_what_its_folder_says(name):
    kind = name.split('/')[1]
    config = load(name)
    read = set(config.keys()) & READ
    assert read <= HOLDS[kind], f'move {sorted(read - HOLDS[kind])} out of {kind}/'
    if kind == 'datasets':
        assert set(config.keys()) >= EXPOSES | LOADERS | NAMES
        assert config.data_mode == ('bottomup' if 'bottomup' in name else 'topdown')
        assert 'batch_size' not in config.train_dataloader, 'the config says it'
    if kind == 'schedules':
        assert read - {'custom_hooks'} == HOLDS[kind] - {'custom_hooks'}


@pytest.mark.parametrize('name', FILES)
def test_configs_are_plain(name):
    text = (CONFIGS / f'{name}.py').read_text(encoding='utf-8')
    assert not re.search(r'_base_\.\w+(\.\w+)*\[', text), 'write the list out'
    stock = 'mmpose::' in text
    assert stock <= ('/baselines/' in name), "only baselines inherit MMPose's configs"
    if name.startswith('_base_/'):
        return
    bases = re.findall(r"'(?:\.\./)+_base_/(?:(\w+)/)?[\w.-]+\.py'", text)
    # The runtime, the data, the model and the schedule, in this order, or a single
    # config to change.
    if bases and not stock:
        assert bases == ['', 'datasets', 'models', 'schedules']
    elif not stock:
        assert re.search(r"^_base_ = '\.\.?/[\w./-]+\.py'$", text, re.MULTILINE)
