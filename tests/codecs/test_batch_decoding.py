"""The searches behind all decoders, against plain ones."""

import numpy as np
import pytest
import torch

from mmpose_ext.codecs.batch_decoding import (
    _two_maxima_on_device,
    two_maxima,
    windows,
)

# The second is a GPU's way, which runs on the CPU as well.
SEARCHES = pytest.mark.parametrize('search', [two_maxima, _two_maxima_on_device])


@pytest.mark.parametrize(
    'pixels', [2, 7, 63, 64, 65, 96, 127, 128, 48 * 64], ids='{} pixels'.format
)
@pytest.mark.parametrize('levels', [2, 5, 1000])
@SEARCHES
def test_two_maxima_are_those_of_a_stable_sort(search, pixels, levels):
    """Few levels make ties, within and across the blocks of the search."""
    rng = np.random.default_rng(pixels + levels)
    rows = rng.integers(0, levels, (50, pixels)).astype(np.float32)
    expected = np.argsort(-rows, axis=1, kind='stable')[:, :2].T
    first, second, highest = search(torch.from_numpy(rows))
    np.testing.assert_array_equal(first, expected[0])
    np.testing.assert_array_equal(second, expected[1])
    np.testing.assert_array_equal(highest, rows.max(axis=1))


@pytest.mark.parametrize(
    ('values', 'expected'),
    [
        ({3: np.nan, 100: 5.0}, (3, 100)),
        ({100: np.nan, 120: np.nan}, (100, 120)),
        ({96: 2.0, 95: 2.0}, (95, 96)),
    ],
    ids=['nan first', 'nan twice', 'tie across blocks'],
)
@SEARCHES
def test_two_maxima_with_nan_and_ties(search, values, expected):
    row = np.zeros((1, 192), np.float32)
    row[0, list(values)] = list(values.values())
    before = row.copy()
    found = search(torch.from_numpy(row))
    assert (found[0].item(), found[1].item()) == expected
    np.testing.assert_array_equal(row, before)


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
@pytest.mark.parametrize('size', [(3, 4), (9, 16), (20, 30)], ids=str)
@pytest.mark.parametrize('reach', [0, 1, 7])
def test_windows_are_cut_from_padded_maps(size, reach, dtype):
    """At every pixel: maps smaller than a window, borders, corners, the inside."""
    height, width = size
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width].reshape(2, -1)
    maps = rng.normal(size=(len(x), height, width)).astype(dtype)
    padded = np.pad(maps, ((0, 0), (reach, reach), (reach, reach)))
    side = 2 * reach + 1
    expected = [
        m[b : b + side, a : a + side] for m, a, b in zip(padded, x, y, strict=True)
    ]
    found = windows(torch.from_numpy(maps), np.stack((x, y), 1), reach)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == dtype
