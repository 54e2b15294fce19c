import numpy as np
import pytest
import torch
from mmengine.registry import init_default_scope
from mmpose.codecs import MSRAHeatmap
from mmpose.registry import KEYPOINT_CODECS

from mmpose_ext.codecs.second_max_heatmap import SecondMaxHeatmap, decode_second_max

CODEC = dict(input_size=(192, 256), heatmap_size=(48, 64), sigma=2)


def one_by_one(heatmap):
    """Eq. 1 for a single map, sorted rather than searched."""
    order = np.argsort(-heatmap.ravel(), kind='stable')
    m, s = (np.array([i % heatmap.shape[1], i // heatmap.shape[1]]) for i in order[:2])
    return m + 0.25 * (s - m) / np.linalg.norm(s - m)


@pytest.mark.parametrize(
    ('second', 'expected'),
    [
        ((5, 4), (4.25, 4.0)),
        ((4, 1), (4.0, 3.75)),
        ((7, 8), (4.15, 4.2)),  # 3-4-5, far away
    ],
)
def test_by_hand(second, expected):
    heatmap = np.zeros((1, 10, 12), np.float32)
    heatmap[0, 4, 4], heatmap[0, second[1], second[0]] = 1.0, 0.5
    codec = SecondMaxHeatmap(input_size=(24, 40), heatmap_size=(12, 10), sigma=1)
    keypoints, scores = codec.decode(heatmap)
    np.testing.assert_allclose(keypoints[0, 0], np.array(expected) * (2, 4), rtol=1e-6)
    assert scores.tolist() == [[1.0]]


def test_all_maps_at_once_as_one_by_one():
    maps = np.random.default_rng(0).random((3, 5, 9, 7), np.float32)
    points, scores = decode_second_max(torch.from_numpy(maps))
    expected = [[one_by_one(m) for m in person] for person in maps]
    np.testing.assert_allclose(points, expected, rtol=1e-6)
    np.testing.assert_array_equal(scores, maps.max((2, 3)))
    assert points.dtype == scores.dtype == np.float32


def test_the_move_is_a_quarter_pixel_long():
    maps = torch.rand(4, 6, 16, 12)
    points, _ = decode_second_max(maps)
    flat = maps.flatten(2).argmax(2)
    peaks = torch.stack((flat % 12, flat // 12), -1)
    lengths = np.linalg.norm(points - peaks.numpy(), axis=-1)
    np.testing.assert_allclose(lengths, 0.25, rtol=1e-4)


def test_ties_go_to_the_first_in_row_order():
    points, _ = decode_second_max(torch.ones(1, 3, 4))
    assert points.tolist() == [[0.25, 0.0]]


@pytest.mark.parametrize('value', [0.0, -0.5])
def test_a_map_without_a_positive_value_has_no_position(value):
    maps = np.full((2, 64, 48), value, np.float32)
    keypoints, scores = SecondMaxHeatmap(**CODEC).decode(maps)
    expected, _ = MSRAHeatmap(**CODEC).decode(maps)
    np.testing.assert_array_equal(keypoints, expected)
    np.testing.assert_array_equal(scores, np.full((1, 2), value))


def test_encoding_is_msra():
    keypoints = np.random.default_rng(0).uniform(20, 180, (1, 17, 2))
    ours = SecondMaxHeatmap(**CODEC).encode(keypoints)
    theirs = MSRAHeatmap(**CODEC).encode(keypoints)
    np.testing.assert_array_equal(ours['heatmaps'], theirs['heatmaps'])
    np.testing.assert_array_equal(ours['keypoint_weights'], theirs['keypoint_weights'])


def test_round_trip_stays_within_the_quantization():
    # Encoded at the nearest pixel, 0.5 * sqrt(2) off at most, and moved by 0.25.
    keypoints = np.random.default_rng(1).uniform(20, 170, (1, 200, 2))
    codec = SecondMaxHeatmap(**CODEC)
    decoded, _ = codec.decode(codec.encode(keypoints)['heatmaps'])
    error = np.linalg.norm(decoded - keypoints, axis=-1) / 4
    assert error.max() < 0.5 * np.sqrt(2) + 0.25 + 1e-6


def test_sub_pixel_maps_are_decoded_better_than_by_their_maximum():
    keypoints = np.random.default_rng(2).uniform(20, 170, (1, 500, 2))
    codec = SecondMaxHeatmap(**CODEC, unbiased=True)
    maps = codec.encode(keypoints)['heatmaps']
    decoded, _ = codec.decode(maps)
    flat = maps.reshape(500, -1).argmax(1)
    peaks = np.stack((flat % 48, flat // 48), -1) * 4
    off = np.linalg.norm(decoded[0] - keypoints[0], axis=-1).mean()
    off_peaks = np.linalg.norm(peaks - keypoints[0], axis=-1).mean()
    assert off < 0.85 * off_peaks


def test_batches_of_the_head():
    init_default_scope('mmpose')
    codec = KEYPOINT_CODECS.build(dict(type='SecondMaxHeatmap', **CODEC))
    assert codec.support_batch_decoding
    maps = torch.rand(3, 17, 64, 48, requires_grad=True)
    keypoints, scores = codec.batch_decode(maps)
    assert [k.shape for k in keypoints] == [(1, 17, 2)] * 3
    assert [s.shape for s in scores] == [(1, 17)] * 3
    for i in range(3):
        single = codec.decode(maps[i].detach().numpy())
        np.testing.assert_array_equal(keypoints[i], single[0])
        np.testing.assert_array_equal(scores[i], single[1])
