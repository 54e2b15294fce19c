import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmpose_ext.testing import (
    build_from_config,
    fake_batch,
    parameters_without_gradient,
)

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'sadinet'
SUFFIX = '_2xb32-210e_mpii-256x256.py'
SMALL = CONFIGS / 'small' / 'td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'


def config_of(name):
    if not name:
        return CONFIGS / f'td-hm_sadinet{SUFFIX}'
    return CONFIGS / 'ablations' / f'td-hm_sadinet-{name}{SUFFIX}'


def load(name):
    return Config.fromfile(str(config_of(name)))


def test_every_row_differs_from_the_full_network_in_its_part_alone():
    full = load('')
    for name, block in (('sfm-dlm', 'BasicBlock'), ('hg52', 'RFM')):
        config = load(name)
        assert config.model.backbone.block == block
        for key in set(full) - {'model'}:
            assert config[key] == full[key], (name, key)
    for name in ('hourglass', 'rfm', 'hg52-hourglass', 'hg52-rfm'):
        config = load(name)
        assert config.model.head.type == 'HeatmapHead'
        expected = 'BasicBlock' if 'hourglass' in name else 'RFM'
        assert config.model.backbone.block == expected
        for key in ('optim_wrapper', 'param_scheduler', 'train_cfg', 'auto_scale_lr'):
            assert config[key] == full[key], (name, key)
        # The same steps; only the targets differ, which have no positions and are made
        # behind the loader.
        ours, theirs = config.train_pipeline, full.train_pipeline
        assert ours[:-1] == theirs[:-2]
        assert [step.type for step in (ours[-1], *theirs[-2:])] == [
            'PackLeanInputs',
            'GenerateTarget',
            'FastPackPoseInputs',
        ]


@pytest.mark.parametrize(
    ('name', 'changed'),
    [
        ('loss-sum', dict(weighting=dict(type='ConstantWeighting', h1=1.0, h2=1.0))),
        ('loss-reversed', dict(weighting=dict(type='ReversedSigmaWeighting'))),
        ('chi0.5', dict(weighting=dict(type='ConstantWeighting', h1=0.5, h2=0.5))),
        ('chi-attached', dict(weighting=dict(type='SigmaWeighting', detach=False))),
        ('no-rle', dict(rle_weight=0.0)),
        (
            'literal',
            dict(rle_weight=0.0, sfm=dict(type='SpatialFusion', sigma_init=0.5)),
        ),
    ],
)
def test_losses_are_deltas_of_the_head(name, changed):
    full, config = load(''), load(name)
    assert config.model.head == {**full.model.head, **changed}
    assert config.model.backbone == full.model.backbone
    for key in set(full) - {'model'}:
        assert config[key] == full[key], key


def test_both_data_sets_train_alike_as_the_paper_says():
    lsp = Config.fromfile(str(CONFIGS / 'td-hm_sadinet_2xb32-210e_lsp-256x256.py'))
    mpii = load('')
    for config in (mpii, lsp):
        optimizer = config.optim_wrapper.optimizer
        assert (optimizer.type, optimizer.lr) == ('Adam', 1e-3)
        assert [s.type for s in config.param_scheduler] == ['MultiStepLR']
        assert config.param_scheduler[0].milestones == [170, 200]
        assert config.train_cfg.max_epochs == 210
        assert config.train_dataloader.batch_size == 32
        boxes = config.train_pipeline[3]
        assert (boxes.rotate_factor, tuple(boxes.scale_factor)) == (80, (0.5, 1.5))
        assert config.codec.sigma == 2
    assert lsp.model.head.out_channels == 14
    assert (lsp.val_evaluator.type, lsp.val_evaluator.thr) == ('TorsoPCKAccuracy', 0.2)
    datasets = lsp.train_dataloader.dataset.datasets
    assert [d.type for d in datasets] == ['LspDataset', 'LspDataset', 'MpiiDataset']
    assert lsp.train_dataloader.dataset.pipeline == lsp.train_pipeline


def small_batch(model_config, size=2):
    images, samples = fake_batch(size, model_config.codec, 14)
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels = torch.rand(1, 14, 2)
    return images, samples


def test_one_step_reaches_every_parameter():
    torch.manual_seed(0)
    config = Config.fromfile(str(SMALL))
    model = build_from_config(config)
    losses = model.loss(*small_batch(config))
    sum(v for k, v in losses.items() if 'loss' in k).backward()
    # Behind a norm this bias moves nothing; it is HeatmapHead's.
    assert set(parameters_without_gradient(model)) <= {'head.conv_layers.0.bias'}


def test_the_small_pair_has_equal_widths():
    plain = str(SMALL).replace('sadinet-w16', 'hourglass-w16')
    ours, theirs = Config.fromfile(str(SMALL)), Config.fromfile(plain)
    for key in ('stage_channels', 'stage_blocks', 'in_channels', 'stem_channels'):
        assert ours.model.backbone[key] == theirs.model.backbone[key], key
    for key in ('optim_wrapper', 'param_scheduler', 'train_cfg', 'val_dataloader'):
        assert ours[key] == theirs[key], key


def test_names_say_what_the_configs_hold():
    for path in CONFIGS.rglob('*.py'):
        assert re.fullmatch(
            r'td-hm_(sadinet|hourglass)[a-z0-9.-]*_[12]xb32-(210|8|6)e_'
            r'(mpii|lsp|lspet|synthetic(?:-standing)?)-(256x256|128x128)(_pyramid)?',
            path.stem,
        ), path.name
