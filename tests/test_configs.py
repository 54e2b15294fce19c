"""Every config loads, builds, and says the same where it should."""

import copy
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import METRICS

import mmpose_ext  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / 'configs'
FILES = sorted(
    path
    for path in CONFIGS.rglob('*.py')
    if '_base_' not in path.relative_to(ROOT).parts
)


@cache
def load(path):
    """One reading of a file for all tests; none changes what it gets."""
    return Config.fromfile(str(path))


def plain(config):
    """A part of a config without the scope that MMEngine notes in it."""
    return {key: value for key, value in config.items() if key != '_scope_'}


def name_of(path):
    return str(path.relative_to(CONFIGS))


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_it_loads_and_registers_the_plugin(path):
    config = load(path)
    assert config.custom_imports.imports == ['mmpose_ext']
    assert config.default_scope == 'mmpose'


def is_bottom_up(path):
    return load(path).train_dataloader.dataset.get('data_mode') == 'bottomup'


def check_top_down(step, codec):
    """A step of a top-down pipeline works at the codec's size."""
    if step.type == 'TopdownAffine':
        assert tuple(step.input_size) == tuple(codec['input_size'])
    if step.type == 'GenerateTarget':
        assert plain(step.encoder) == codec


def check_bottom_up(step, codec):
    """So does a step of a one-stage pipeline; the mosaic's tiles have that size."""
    assert not step.type.startswith('Topdown')
    if 'input_size' in step:
        assert tuple(step.input_size) == tuple(codec['input_size'])
    if step.type == 'Mosaic':
        assert tuple(step.img_scale) == tuple(codec['input_size'])
        assert [s.type for s in step.pre_transform][:1] == ['LoadCheckedImage']
    if step.type == 'GenerateTarget':
        assert plain(step.encoder) == codec


def check_pyramid(config):
    """Testing crops at several scales, and is validation in all else."""
    test = copy.deepcopy(config.test_dataloader)
    *before, pyramid = test.dataset.pipeline
    assert pyramid.type == 'TopdownPyramid'
    test.dataset.pipeline = [*before, *pyramid.transforms]
    assert test == config.val_dataloader
    assert config.custom_hooks[-1].tta_cfg.type == 'PyramidTTAModel'


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_model_codec_and_loaders_agree(path):
    config = load(path)
    codec = plain(config.codec)
    bottom_up = is_bottom_up(path)
    assert config.model.type.startswith('Bottomup' if bottom_up else 'Topdown')
    if not bottom_up:
        assert plain(config.model.head.decoder) == codec
    check = check_bottom_up if bottom_up else check_top_down
    for loader in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        steps = config[loader].dataset.get('pipeline', ())
        for step in steps:
            check(step, codec)
    if path.stem.endswith('_pyramid'):
        check_pyramid(config)
    else:
        assert config.test_dataloader == config.val_dataloader
    # Testing may report more than validation does, from the same truth.
    val, test = config.val_evaluator, config.test_evaluator
    if not isinstance(val, list):
        assert test.get('ann_file') == val.get('ann_file')


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_an_evaluator_reads_the_annotations_of_its_data(path):
    config = load(path)
    for split in ('val', 'test'):
        dataset = config[f'{split}_dataloader'].dataset
        evaluators = config[f'{split}_evaluator']
        for evaluator in evaluators if isinstance(evaluators, list) else [evaluators]:
            if 'ann_file' in evaluator:
                file = Path(dataset.data_root, dataset.ann_file)
                assert Path(evaluator.ann_file) == file, evaluator.type


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_every_loader_names_a_damaged_image(path):
    if 'mmpose::' in path.read_text():
        pytest.skip('inherited from MMPose as it is')
    config = load(path)
    for loader in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        pipeline = config[loader].dataset.get('pipeline')
        if pipeline:
            assert pipeline[0].type in ('LoadCheckedImage', 'LoadCachedImage')


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_batch_is_the_one_that_the_rate_is_for(path):
    # The name says processes x batch; --auto-scale-lr divides by the base.
    processes, batch = map(int, re.search(r'_(\d+)xb(\d+)-', path.stem).groups())
    config = load(path)
    assert config.train_dataloader.batch_size == batch
    assert config.auto_scale_lr.base_batch_size == processes * batch
    assert not config.auto_scale_lr.get('enable')


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_mpii_is_scored_by_both_labeled_counts(path):
    config = load(path)
    for split in ('val', 'test'):
        dataset = config[f'{split}_dataloader'].dataset
        if dataset.type != 'MpiiDataset':
            continue
        labeled = {m.type: m.prefix for m in config[f'{split}_evaluator']}
        assert labeled == {'MpiiPCKAccuracy': 'mmpose', 'PCKhAccuracy': 'pckh'}


def test_best_checkpoint_is_kept_by_a_score_that_is_reported():
    path = CONFIGS / '_base_' / 'datasets' / 'mpii-256x256.py'
    config = load(path)
    truth = np.arange(32.0).reshape(1, 16, 2)
    sample = dict(
        pred_instances=dict(keypoints=truth),
        gt_instances=dict(
            keypoints=truth,
            keypoints_visible=np.ones((1, 16)),
            head_size=np.full((1, 1), 20.0),
        ),
    )
    metrics = [METRICS.build(metric) for metric in config.val_evaluator]
    evaluator = Evaluator(metrics)
    evaluator.dataset_meta = parse_pose_metainfo(
        dict(from_file='configs/_base_/datasets/mpii.py')
    )
    evaluator.process([sample])
    scores = evaluator.evaluate(1)
    assert config.save_best == 'mmpose/PCK'
    assert scores['mmpose/PCK'] == scores['pckh/PCKh@0.5'] == 100


def test_data_roots_follow_the_environment(monkeypatch):
    monkeypatch.setenv('COCO_ROOT', '/somewhere')
    path = CONFIGS / 'ca_hrnet' / 'td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'
    config = Config.fromfile(str(path))
    assert config.train_dataloader.dataset.data_root == '/somewhere'
    assert config.test_dataloader.dataset.data_root == '/somewhere'
    assert config.test_dataloader.dataset.bbox_file.startswith('/somewhere/')
    assert config.test_evaluator.ann_file.startswith('/somewhere/')


def test_ca_hrnet_trains_alike_on_its_three_data_sets():
    configs = [
        Config.fromfile(
            str(CONFIGS / 'ca_hrnet' / f'td-hm_ca-hrnet-w32_1xb16-210e_{data}.py')
        )
        for data in ('coco-256x192', 'mpii-256x256', 'lspet-256x256')
    ]
    first = configs[0]
    for other in configs:
        assert other.optim_wrapper == first.optim_wrapper
        assert other.param_scheduler == first.param_scheduler
        assert other.train_cfg == first.train_cfg
        assert other.train_dataloader.batch_size == 16
        boxes = [p for p in other.train_pipeline if p.type == 'FastRandomBBoxTransform']
        assert boxes[0].rotate_factor == 45
        assert tuple(boxes[0].scale_factor) == (0.7, 1.35)


RELIABLE = {
    'checkpoint': 'SafeCheckpointHook',
    'reproducible_data': 'ReproducibleDataHook',
    'finite_loss': 'FiniteLossHook',
    'preemption': 'PreemptionHook',
    'val_after_resume': 'ValAfterResumeHook',
    'sync_buffers': 'SyncAllBuffersHook',
    'batch_size_check': 'BatchSizeCheckHook',
}


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_val_and_test_score_alike(path):
    config = load(path)
    val, test = (
        [dict(m) for m in (e if isinstance(e, list) else [e])]
        for e in (config.val_evaluator, config.test_evaluator)
    )
    # The curves' metric has the same figures (tests/evaluation/metrics).
    for metric in test:
        if metric['type'] == 'CocoCurveMetric':
            metric['type'] = 'CocoPersonMetric'
    assert val == test


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_every_tracker_accepts_its_metric_names(path):
    assert load(path).visualizer.type == 'SafeNamePoseVisualizer'


@pytest.mark.parametrize('path', FILES, ids=name_of)
def test_a_run_of_it_survives_kills_signals_and_nan(path):
    config = load(path)
    hooks = {name: hook.type for name, hook in config.default_hooks.items()}
    assert RELIABLE.items() <= hooks.items()
    assert config.default_hooks.checkpoint.interval > 0
    # MMPose's, which synchronizes nothing.
    assert 'SyncNormHook' not in [hook.type for hook in config.get('custom_hooks', [])]
