"""Targets of a batch against MMPose's, one sample after another."""

import numpy as np
import pytest
import torch
from mmpose.codecs import MSRAHeatmap, UDPHeatmap

from mmpose_ext.codecs import BatchMSRAHeatmap, BatchUDPHeatmap, SecondMaxHeatmap
from mmpose_ext.utils import ConfigError

SIZES = dict(input_size=(192, 256), heatmap_size=(48, 64))
CASES = [
    (MSRAHeatmap, BatchMSRAHeatmap, dict(sigma=2)),
    (MSRAHeatmap, BatchMSRAHeatmap, dict(sigma=1.5)),
    (MSRAHeatmap, SecondMaxHeatmap, dict(sigma=3)),
    (MSRAHeatmap, BatchMSRAHeatmap, dict(sigma=2, unbiased=True)),
    (UDPHeatmap, BatchUDPHeatmap, dict(sigma=2)),
]


def people(seed=0, count=12):
    """Key points inside, at each border, beyond it and far away; some not visible."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-60, 320, (count, 17, 2)).astype(np.float32)
    points[0, :6] = [[0, 0], [191, 255], [-8, 100], [-9.9, 5], [215, 30], [0.5, 279]]
    points[1, :2] = [[-5000, 10], [1e7, 1e7]]
    visible = rng.choice([0, 0.4, 0.5, 1], (count, 17)).astype(np.float32)
    visible[0] = 1
    visible[2] = 0
    return points, visible


@pytest.mark.parametrize(('theirs', 'ours', 'options'), CASES)
def test_targets_and_weights_are_mmposes(theirs, ours, options):
    points, visible = people()
    theirs = theirs(**SIZES, **options)
    pairs = zip(points, visible, strict=True)
    expected = [theirs.encode(p[None], v[None]) for p, v in pairs]
    maps, weights = ours(**SIZES, **options).batch_encode(
        torch.from_numpy(points), torch.from_numpy(visible)
    )
    assert maps.dtype == weights.dtype == torch.float32
    truth = np.stack([e['heatmaps'] for e in expected])
    assert (truth.max((2, 3)) > 0.9).any()
    np.testing.assert_allclose(maps.numpy(), truth, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(
        weights.numpy(), np.concatenate([e['keypoint_weights'] for e in expected])
    )


def test_nan_key_points_are_not_drawn():
    points, visible = people()
    points[0, 0] = np.nan
    points[2, 0] = np.nan  # not visible
    codec = BatchMSRAHeatmap(**SIZES, sigma=2)
    maps, weights = codec.batch_encode(*map(torch.from_numpy, (points, visible)))
    assert maps.isfinite().all()
    assert weights[0, 0] == maps[0, 0].max() == 0


def test_combined_maps_are_refused():
    codec = BatchUDPHeatmap(**SIZES, heatmap_type='combined')
    with pytest.raises(ConfigError, match="heatmap_type='combined' cannot make"):
        codec.batch_encode(torch.zeros(1, 17, 2), torch.ones(1, 17))
