"""The pyramid against MMPose's plain and flip tests, and what it refuses."""

import numpy as np
import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.hooks import PrepareTTAHook
from mmpose.apis import inference_topdown
from pyramid_models import (
    HEADS,
    MSRA,
    SIX,
    Tiny,
    batch,
    estimator,
    head,
    make,
    noisy,
    plain,
)
from torch import nn

from mmpose_ext.models.tta import PyramidTTAModel
from mmpose_ext.utils import ConfigError


@pytest.mark.parametrize('flip', [False, True], ids=['plain', 'flip'])
@pytest.mark.parametrize('name', HEADS)
def test_one_scale_is_mmposes_test_bit_by_bit(name, flip):
    model, codec = make(name, flip, output_heatmaps=True, shift_heatmap=flip)
    expected = plain(model, noisy(), codec)
    found = PyramidTTAModel(model).test_step(batch(noisy(), codec, (1.0,)))
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.pred_fields.heatmaps, other.pred_fields.heatmaps)
        assert other.pred_fields.heatmaps.std() > 0
        keys = sorted(other.pred_instances.keys())
        assert sorted(one.pred_instances.keys()) == keys
        for key in keys:
            np.testing.assert_array_equal(
                one.pred_instances[key], other.pred_instances[key], err_msg=key
            )
        np.testing.assert_array_equal(
            one.gt_instances.bbox_scales, other.gt_instances.bbox_scales
        )
        assert one.metainfo['id'] == other.metainfo['id']


@pytest.mark.parametrize('name', HEADS)
def test_scales_and_flip_change_the_maps(name):
    results = {}
    for flip in (False, True):
        model, codec = make(name, flip)
        for scales in ((1.0,), (0.8, 1.0), SIX):
            sample = PyramidTTAModel(model).test_step(batch(noisy(), codec, scales))[0]
            results[flip, scales] = sample.pred_instances.keypoint_scores
    scores = np.stack([s.ravel() for s in results.values()])
    assert len(np.unique(scores.round(7), axis=0)) == 6


def test_visibilities_are_averaged():
    model, codec = make('visibility', True)
    pyramid = PyramidTTAModel(model)
    seen = [
        pyramid.test_step(batch(noisy(), codec, scales))[
            1
        ].pred_instances.keypoints_visible
        for scales in ((0.8,), (1.2,), (0.8, 1.2))
    ]
    np.testing.assert_allclose(seen[2], (seen[0] + seen[1]) / 2, rtol=1e-5)


@pytest.mark.parametrize(
    ('max_batch', 'sizes'),
    [(64, [12] * 2), (5, [4] * 6), (1, [2] * 12)],
)
def test_forward_passes(max_batch, sizes):
    model, codec = make('MSRA', True)
    seen = []
    model.backbone.register_forward_hook(lambda m, x, y: seen.append(len(x[0])))
    pyramid = PyramidTTAModel(model, max_batch=max_batch)
    results = pyramid.test_step(batch(noisy(), codec, SIX))
    assert seen == sizes
    one_by_one = [
        pyramid.test_step(batch([person], codec, SIX))[0] for person in noisy()
    ]
    for one, other in zip(results, one_by_one, strict=True):
        np.testing.assert_allclose(
            one.pred_instances.keypoint_scores,
            other.pred_instances.keypoint_scores,
            rtol=1e-5,
        )
        np.testing.assert_allclose(
            one.pred_instances.keypoints, other.pred_instances.keypoints, rtol=1e-5
        )


class Runner:
    """What the hook needs of one."""


def test_mmengines_hook_wraps_after_loading():
    runner = Runner()
    runner.model, codec = make('MSRA', True)
    inner, names = runner.model, list(runner.model.state_dict())
    hook = PrepareTTAHook(ConfigDict(type='PyramidTTAModel', max_batch=8))
    runner.model = nn.DataParallel(inner)  # one of MMEngine's model wrappers
    for _ in range(2):  # a second test does not wrap the wrapper
        hook.before_test(runner)
        assert type(runner.model) is PyramidTTAModel
        assert runner.model.module is inner
    assert list(runner.model.state_dict()) == [f'module.{name}' for name in names]
    assert runner.model.test_step(batch(noisy(), codec, SIX))


def test_mmposes_inference_runs_on_it():
    model, codec = make('MSRA', True)
    steps = [
        dict(type='TopdownAffine', input_size=codec['input_size']),
        dict(type='PackPoseInputs'),
    ]
    pyramid = dict(type='TopdownPyramid', transforms=steps)
    pipeline = [dict(type='LoadImage'), dict(type='GetBBoxCenterScale'), pyramid]
    model.cfg = ConfigDict(test_dataloader=dict(dataset=dict(pipeline=pipeline)))
    model.dataset_meta = dict(flip_indices=[1, 0])
    person = noisy()[0]
    found = inference_topdown(PyramidTTAModel(model), person['img'], person['bbox'])
    expected = PyramidTTAModel(model).test_step(batch([person], codec, SIX))
    np.testing.assert_array_equal(
        found[0].pred_instances.keypoints, expected[0].pred_instances.keypoints
    )


@pytest.mark.parametrize(
    'head',
    [
        dict(type='RegressionHead', in_channels=8, num_joints=2),
        dict(
            type='SimCCHead',
            in_channels=8,
            out_channels=2,
            input_size=(96, 128),
            in_featuremap_size=(24, 32),
            deconv_out_channels=None,
            decoder=dict(type='SimCCLabel', input_size=(96, 128)),
        ),
    ],
    ids=lambda h: h['type'],
)
def test_heads_without_heat_maps(head):
    message = f'module.head={head["type"]} decodes no heat maps.*HeatmapHead., .CPM'
    with pytest.raises(ConfigError, match=message):
        PyramidTTAModel(estimator(head))


def test_other_models_and_arguments():
    with pytest.raises(ConfigError, match='module=Tiny.*TopdownPoseEstimator'):
        PyramidTTAModel(with_test_step(Tiny()))
    with pytest.raises(ConfigError, match='max_batch=0'):
        PyramidTTAModel(make('MSRA', True)[0], max_batch=0)
    positions = dict(
        type='IntegralRegressionLabel',
        input_size=(96, 128),
        heatmap_size=(24, 32),
        sigma=2,
    )
    for decoder in (None, positions):
        with pytest.raises(
            ConfigError, match='head.decoder=.* choose from .MSRAHeatmap'
        ):
            PyramidTTAModel(estimator(head(MSRA) | dict(decoder=decoder)))
    model, codec = make('MSRA', False)
    with pytest.raises(
        ConfigError, match='one crop for each person; put TopdownPyramid'
    ):
        PyramidTTAModel(model).test_step(batch(noisy(), codec))


def with_test_step(module):
    module.test_step = None
    return module
