"""The rivals of SDHRNet's Tables 1 and 2: MMPose's configs, and what is changed."""

import re

import pytest
from config_facts import CONFIGS, GONE, differences, load
from mmengine.config import Config

from mmpose_ext.utils.config import load_config

FOLDER = CONFIGS / 'sdhrnet' / 'baselines'
STOCK = [p for p in sorted(FOLDER.glob('*.py')) if 'mmpose::' in p.read_text()]
OURS = {
    'custom_imports.imports': ['mmpose_ext'],
    'custom_imports.allow_failed_imports': False,
    # docs/reliability.md; checkpoints otherwise as MMPose saves them.
    'default_hooks.checkpoint.type': 'SafeCheckpointHook',
    'default_hooks.finite_loss.type': 'FiniteLossHook',
    'default_hooks.preemption.type': 'PreemptionHook',
    'default_hooks.reproducible_data.type': 'ReproducibleDataHook',
    'default_hooks.sync_buffers.type': 'SyncAllBuffersHook',
    'default_hooks.val_after_resume.type': 'ValAfterResumeHook',
    'default_hooks.batch_size_check.type': 'BatchSizeCheckHook',
    'visualizer.type': 'SafeNamePoseVisualizer',
}
ROOTS = ('train_dataloader', 'val_dataloader', 'test_dataloader')
# "The models ... are compared in terms of performance without loading the pre-trained
# models" (section 4.3).
SCRATCH = ('mobilenetv2', 'res50', 'res152', 'shufflenetv2')


def scored_twice(split):
    """Both counts of PCKh instead of MMPose's alone."""
    return {
        f'{split}_evaluator.type': GONE,
        f'{split}_evaluator[0].type': 'MpiiPCKAccuracy',
        f'{split}_evaluator[0].prefix': 'mmpose',
        f'{split}_evaluator[1].type': 'PCKhAccuracy',
        f'{split}_evaluator[1].prefix': 'pckh',
    }


def expected_of(name):
    """What is changed of a config of MMPose's zoo."""
    data = 'coco' if '_coco-' in name else 'mpii'
    delta = dict(OURS)
    delta |= {f'{loader}.dataset.data_root': f'data/{data}' for loader in ROOTS}
    if data == 'mpii':
        delta |= scored_twice('val') | scored_twice('test')
        delta['default_hooks.checkpoint.save_best'] = 'mmpose/PCK'
    if any(f'_{net}_' in name for net in SCRATCH):
        for key in ('type', 'checkpoint'):
            delta[f'model.backbone.init_cfg.{key}'] = GONE
    if 'hourglass52_8xb32' in name:
        delta['auto_scale_lr.base_batch_size'] = 256
    return delta


@pytest.mark.parametrize('path', STOCK, ids=lambda path: path.stem)
def test_stock_baselines(path):
    folder, name = re.findall(r"^    '([^']*)'", path.read_text(), re.MULTILINE)[:2]
    assert name == f'{path.stem}.py'
    stock = load_config(folder + name)
    config = load(f'sdhrnet/baselines/{path.stem}')
    # Every training survives interruptions, MMPose's own networks' too.
    hooks = Config.fromfile(str(CONFIGS / '_base_' / 'reliable_hooks.py'))
    reliable = {
        f'default_hooks.{name}.type': hook.type
        for name, hook in hooks.reliable_hooks.items()
    }
    assert differences(stock, config) == {**expected_of(path.stem), **reliable}


@pytest.mark.parametrize(
    'end',
    ['4xb32-210e_coco-256x192', '4xb32-210e_mpii-256x256', '1xb32-210e_lspet-256x256'],
)
def test_hrnet_trains_as_sdhrnet(end):
    # Table 3's first row: HRNet-W32 without pretraining, everything else alike.
    ours = load(f'sdhrnet/td-hm_sdhrnet_{end}')
    hrnet = load(f'sdhrnet/baselines/td-hm_hrnet-w32_{end}')
    delta = differences(ours, hrnet)
    assert all(path.startswith(('model.backbone.', 'model.head.')) for path in delta)
    backbone, head = hrnet.model.backbone, hrnet.model.head
    assert (backbone.type, head.type, head.in_channels) == ('HRNet', 'HeatmapHead', 32)
    assert [dict(step) for step in backbone.init_cfg] == [
        dict(type='Normal', std=0.001, layer=['Conv2d']),
        dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
    ]
    for stage, modules, blocks in (
        ('stage1', 1, (4,)),
        ('stage2', 1, (4, 4)),
        ('stage3', 4, (4, 4, 4)),
        ('stage4', 3, (4, 4, 4, 4)),
    ):
        found = backbone.extra[stage]
        assert (found.num_modules, found.num_blocks) == (modules, blocks)
    assert backbone.extra.stage4.num_channels == (32, 64, 128, 256)
