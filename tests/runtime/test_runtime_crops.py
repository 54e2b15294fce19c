"""Crops and letterboxes of the runtime, against MMPose's transforms."""

import dataclasses

import numpy as np
import pytest
from mmpose.registry import TRANSFORMS

from mmpose_ext_runtime import InputError, Manifest
from mmpose_ext_runtime.crops import Crop, check_boxes, crop_person, letterbox, to_input

IMAGE = np.random.default_rng(0).integers(0, 256, (90, 130, 3), np.uint8)
BASE = Manifest(
    kind='topdown',
    input_size=(48, 64),
    normalize=False,
    input_order='rgb',
    mean=(120.0, 110.0, 100.0),
    std=(60.0, 50.0, 40.0),
    network_order='rgb',
    keypoint_names=('a', 'b'),
    skeleton=(),
    flip_pairs=(),
)


@pytest.mark.parametrize('udp', [False, True])
@pytest.mark.parametrize(
    'box', [[20, 10, 50, 80], [0, 0, 130, 90], [-15.5, 40.25, 30, 200]]
)
def test_crops_are_mmposes(box, udp):
    box = np.array(box, np.float32)
    manifest = dataclasses.replace(BASE, udp=udp, padding=1.25)
    data = dict(img=IMAGE, bbox=box[None])
    for step in (
        dict(type='GetBBoxCenterScale', padding=1.25),
        dict(type='TopdownAffine', input_size=(48, 64), use_udp=udp),
    ):
        data = TRANSFORMS.build(step)(data)
    crop = crop_person(IMAGE, box, manifest)
    np.testing.assert_array_equal(crop.pixels, data['img'])
    np.testing.assert_allclose(crop.center, data['input_center'])
    np.testing.assert_allclose(crop.scale, data['input_scale'], rtol=1e-6)


@pytest.mark.parametrize('shape', [(90, 130), (130, 90), (64, 48), (7, 300)])
def test_letterboxes_are_mmposes(shape):
    image = np.resize(IMAGE, (*shape, 3))
    step = dict(type='BottomupResize', input_size=(64, 96), pad_val=(1, 2, 3))
    wanted = TRANSFORMS.build(step)(dict(img=image, ori_shape=shape))
    manifest = dataclasses.replace(BASE, input_size=(64, 96), pad_value=(1, 2, 3))
    crop = letterbox(image, manifest)
    np.testing.assert_array_equal(crop.pixels, wanted['img'])
    np.testing.assert_allclose(crop.scale, wanted['input_scale'])


def test_points_return_to_where_they_were():
    crop = Crop(np.zeros((64, 48, 3), np.uint8), np.array([30, 40]), np.array([60, 80]))
    corners = np.array([[0, 0], [48, 64], [24, 32]])
    assert crop.to_image(corners).tolist() == [[0, 0], [60, 80], [30, 40]]


def test_channels_and_normalization():
    crop = Crop(np.full((64, 48, 3), (1, 2, 3), np.uint8), np.zeros(2), np.ones(2))
    taken = to_input([crop, crop], BASE)
    assert taken.shape == (2, 3, 64, 48)
    assert taken.dtype == np.float32
    np.testing.assert_allclose(
        taken[1, :, 5, 5], [(3 - 120) / 60, (2 - 110) / 50, (1 - 100) / 40], rtol=1e-6
    )
    raw = dataclasses.replace(BASE, normalize=True)
    assert to_input([crop], raw)[0, 0, 0].tolist() == [3, 2, 1]
    blue = dataclasses.replace(raw, input_order='bgr')
    assert to_input([crop], blue)[0, 0, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ('boxes', 'problem'),
    [
        ([[10, 10, 10, 50]], 'has no area'),
        ([[0, 0, 5, 5], [50, 50, 10, 60]], r'box 2 .* has no area'),
        ([[130, 0, 150, 50]], 'lies outside'),
        ([[-20, -20, -1, -1]], 'lies outside'),
        ([[0, 0, float('nan'), 5]], 'is not finite'),
        ([[0, 0, 5]], 'four numbers'),
        ([1, 2, 3, 4], 'four numbers'),
        ([['a', 'b', 'c', 'd']], 'four numbers'),
    ],
)
def test_boxes_that_hold_nobody(boxes, problem):
    with pytest.raises(InputError, match=problem):
        check_boxes(boxes, IMAGE.shape, 'x.jpg')


def test_no_box_is_nobody_and_a_box_may_reach_beyond_the_image():
    assert check_boxes([], IMAGE.shape).shape == (0, 4)
    assert check_boxes([[-50, -50, 500, 500]], IMAGE.shape).shape == (1, 4)
