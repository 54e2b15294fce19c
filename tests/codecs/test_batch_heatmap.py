"""Batched decoding against MMPose's decoding of one sample."""

import numpy as np
import pytest
import torch
from mmpose.codecs import MSRAHeatmap, UDPHeatmap

from mmpose_ext.codecs import BatchMSRAHeatmap, BatchUDPHeatmap

SIZES = dict(input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
CODECS = [
    (MSRAHeatmap, BatchMSRAHeatmap, {}),
    (MSRAHeatmap, BatchMSRAHeatmap, dict(unbiased=True)),
    (UDPHeatmap, BatchUDPHeatmap, {}),
]


def peaks(seed, count=6, joints=17, noise=0.02):
    """Gaussian peaks of any height and place, also beyond the border, with noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:64, :48]
    centers = rng.uniform(-3, 67, (count, joints, 2, 1, 1))
    sigma = rng.uniform(1, 3, (count, joints, 1, 1))
    distance = (x - centers[:, :, 0] * 0.75) ** 2 + (y - centers[:, :, 1]) ** 2
    height = rng.uniform(0.05, 1.2, (count, joints, 1, 1))
    maps = height * np.exp(-distance / (2 * sigma**2))
    return (maps + noise * rng.normal(size=maps.shape)).astype(np.float32)


def special():
    """Maps without a peak, flat, with equal peaks, negative, and with one pixel."""
    maps = np.zeros((1, 8, 64, 48), np.float32)
    maps[0, 1] = 0.5
    maps[0, 2, 10, 10] = maps[0, 2, 40, 40] = 1
    maps[0, 3] = -1
    maps[0, 4, 0, 0] = 1
    maps[0, 5, 63, 47] = 1
    maps[0, 6, 30:33, 20:23] = 80
    maps[0, 7] = np.linspace(0, 1, 64)[:, None] + np.linspace(0, 1, 48) ** 2
    return maps


def empty_between():
    """Empty maps among others of a person; MMPose's UDP reads the one before."""
    maps = np.random.default_rng(0).random((3, 4, 64, 48), np.float32)
    maps[1, 2], maps[2, 0] = 0, -1
    return maps


def one_by_one(codec, maps):
    found = [codec.decode(sample) for sample in maps]
    return [np.stack(part) for part in zip(*found, strict=True)]


@pytest.mark.parametrize(('theirs', 'ours', 'options'), CODECS)
@pytest.mark.parametrize(
    'maps',
    [
        peaks(0),
        peaks(1, noise=0),
        special(),
        empty_between(),
        np.random.default_rng(3).random((2, 5, 64, 48), np.float32),
    ],
    ids=['noisy', 'smooth', 'special', 'empty between', 'random'],
)
def test_decodes_as_mmpose(theirs, ours, options, maps):
    theirs, ours = theirs(**SIZES, **options), ours(**SIZES, **options)
    assert ours.support_batch_decoding
    expected, scores = one_by_one(theirs, maps)
    found, found_scores = ours.batch_decode(torch.from_numpy(maps))
    assert found[0].shape == expected[0].shape == (1, maps.shape[1], 2)
    assert found[0].dtype == expected[0].dtype
    np.testing.assert_array_equal(np.stack(found_scores), scores)
    if theirs.__class__ is MSRAHeatmap and not options:
        np.testing.assert_array_equal(np.stack(found), expected)
    else:
        np.testing.assert_allclose(np.stack(found), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(('theirs', 'ours', 'options'), CODECS)
def test_nan_has_mmposes_outcome(theirs, ours, options):
    maps = peaks(5, count=2)
    maps[0, 0] = np.nan
    maps[0, 1, 20, 20] = np.nan
    maps[1, 2, 20, :] = np.nan
    codec = theirs(**SIZES, **options)
    with np.errstate(invalid='ignore'):
        expected, scores = one_by_one(codec, maps)
        found, found_scores = ours(**SIZES, **options).batch_decode(
            torch.from_numpy(maps)
        )
    np.testing.assert_array_equal(np.stack(found_scores), scores)
    np.testing.assert_allclose(np.stack(found), expected, rtol=0, atol=1e-4)


def test_most_smooth_peaks_do_not_need_mmposes_code(monkeypatch):
    """Or the batch would be no faster."""
    from mmpose_ext.codecs import batch_decoding

    counts = []
    plain = batch_decoding._by_mmpose

    def counted(refine, heatmaps, points, rest, kernel):
        counts.append(len(rest))
        return plain(refine, heatmaps, points, rest, kernel)

    monkeypatch.setattr(batch_decoding, '_by_mmpose', counted)
    y, x = np.mgrid[:64, :48]
    centers = np.random.default_rng(0).uniform(10, 36, (40, 2, 1, 1))
    maps = np.exp(-((x - centers[:, 0]) ** 2 + (y - centers[:, 1]) ** 2) / 8)
    for ours in (BatchMSRAHeatmap(**SIZES, unbiased=True), BatchUDPHeatmap(**SIZES)):
        ours.batch_decode(torch.from_numpy(maps[None].astype(np.float32)))
    assert counts == [0, 0]


def test_half_precision_and_combined_maps():
    maps = torch.from_numpy(peaks(2, count=2))
    codec = BatchMSRAHeatmap(**SIZES)
    found, _ = codec.batch_decode(maps.bfloat16())
    expected, _ = codec.batch_decode(maps.bfloat16().float())
    np.testing.assert_array_equal(found, expected)
    options = dict(SIZES, heatmap_type='combined')
    maps = peaks(4, count=2, joints=6)
    expected, scores = one_by_one(UDPHeatmap(**options), maps)
    found, found_scores = BatchUDPHeatmap(**options).batch_decode(
        torch.from_numpy(maps)
    )
    np.testing.assert_array_equal(np.stack(found), expected)
    np.testing.assert_array_equal(np.stack(found_scores), scores)
