"""Heat-map decoding in numpy and in the graph, against MMPose's codecs."""

import io
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from mmpose.registry import KEYPOINT_CODECS

from mmpose_ext.export.description import describe_codec
from mmpose_ext.export.heatmap_decoding import HeatmapDecoding
from mmpose_ext.utils import UserError
from mmpose_ext_runtime.decoding import DECODERS, decode_heatmaps, find_maxima

INPUT, HEATMAP = (96, 128), (24, 32)
CODECS = {
    'quarter': dict(type='MSRAHeatmap', sigma=2.0),
    'dark': dict(type='MSRAHeatmap', sigma=2.0, unbiased=True),
    'second_max': dict(type='SecondMaxHeatmap', sigma=2.0),
    'udp': dict(type='UDPHeatmap', sigma=2.0),
    'udp_offset': dict(type='UDPHeatmap', heatmap_type='combined'),
    'megvii': dict(type='MegviiHeatmap', kernel_size=11),
}


def build(name):
    return KEYPOINT_CODECS.build(
        dict(CODECS[name], input_size=INPUT, heatmap_size=HEATMAP)
    )


def noisy_maps(people=6, joints=9):
    """Peaks everywhere, at the border and beyond it, too; one map without any."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: HEATMAP[1], : HEATMAP[0]]
    center = rng.uniform(-0.1, 1.1, (people, joints, 2, 1, 1)) * np.reshape(
        HEATMAP, (2, 1, 1)
    )
    maps = np.exp(-((x - center[:, :, 0]) ** 2 + (y - center[:, :, 1]) ** 2) / 8)
    maps += rng.normal(0, 0.02, maps.shape)
    maps[0, 0] = -np.abs(maps[0, 0])
    return maps.astype(np.float32)


@pytest.mark.parametrize('name', CODECS)
def test_decoding_is_mmposes(name):
    codec, maps = build(name), noisy_maps()
    description = describe_codec(codec)
    assert description['name'] == name
    decoded = [codec.decode(person.copy()) for person in maps]
    points = np.concatenate([person[0] for person in decoded])
    scores = np.concatenate([person[1] for person in decoded])
    # Where a map has no positive value, UDP's numbers in MMPose mean nothing.
    good = scores > 0 if name.startswith('udp') else np.ones_like(scores, bool)

    found, found_scores = decode_heatmaps(maps, description, INPUT)
    np.testing.assert_allclose(found[good], points[good], atol=1e-4)
    np.testing.assert_allclose(found_scores, scores, atol=1e-6)

    graph = HeatmapDecoding(description, INPUT)
    in_graph, graph_scores = graph(torch.from_numpy(maps))
    np.testing.assert_allclose(in_graph.numpy()[good], points[good], atol=1e-3)
    np.testing.assert_allclose(graph_scores, scores, atol=1e-6)


@pytest.mark.parametrize('name', CODECS)
def test_decoding_in_a_file_takes_any_maps(name):
    """What is read from the maps must not be written down as constants."""
    description, maps = describe_codec(build(name)), noisy_maps()
    if name == 'udp_offset':
        maps = maps[:, :6]
    expected, expected_scores = decode_heatmaps(maps, description, INPUT)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            HeatmapDecoding(description, INPUT).eval(),
            (torch.rand(2, *maps.shape[1:]),),
            file,
            input_names=['maps'],
            dynamic_axes={'maps': {0: 'batch'}},
            opset_version=17,
            dynamo=False,
        )
    session = onnxruntime.InferenceSession(file.getvalue())
    points, scores = session.run(None, {'maps': maps})
    good = expected_scores > 0
    np.testing.assert_allclose(points[good], expected[good], atol=1e-3)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-6)


def test_every_decoder_is_tested():
    assert set(CODECS) == set(DECODERS)


def test_the_first_of_equal_maxima_counts():
    maps = np.zeros((1, 2, 4, 5), np.float32)
    maps[0, 0, [1, 3], [4, 2]] = 2
    points, scores = find_maxima(maps)
    assert points.tolist() == [[[4, 1], [-1, -1]]]
    assert scores.tolist() == [[2, 0]]


def test_a_selection_of_key_points():
    maps = torch.from_numpy(noisy_maps(2, 5))
    description = describe_codec(build('quarter'))
    points, scores = HeatmapDecoding(description, INPUT)(maps)
    chosen, chosen_scores = HeatmapDecoding(description, INPUT, (4, 0))(maps)
    assert torch.equal(chosen, points[:, [4, 0]])
    assert torch.equal(chosen_scores, scores[:, [4, 0]])


def test_a_codec_without_heat_maps_is_refused():
    codec = KEYPOINT_CODECS.build(
        dict(type='SimCCLabel', input_size=INPUT, smoothing_type='gaussian')
    )
    with pytest.raises(UserError, match='SimCCLabel has no decoding outside'):
        describe_codec(codec)
