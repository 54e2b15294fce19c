import math

import numpy as np
import pytest
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope

from mmpose_ext.datasets import TopdownPyramid
from mmpose_ext.utils import ConfigError

CROP = [dict(type='TopdownAffine', input_size=(48, 64)), dict(type='PackPoseInputs')]


@pytest.fixture(autouse=True)
def default_scope():
    # Compose looks the steps up in it, before any of them runs.
    init_default_scope('mmpose')


class NoCopy:
    """Stands for a data set, which must not be copied."""

    def __deepcopy__(self, memo):
        raise AssertionError('copied')


def person():
    return dict(
        img=np.random.default_rng(0).integers(0, 255, (90, 80, 3), dtype=np.uint8),
        bbox=np.array([[20.0, 10, 50, 70]], np.float32),
        bbox_score=np.ones(1, np.float32),
        flip_indices=[0],
        dataset=NoCopy(),
    )


def run(*steps):
    return Compose([dict(type='GetBBoxCenterScale'), *steps])(person())


def test_scale_one_is_the_plain_crop_and_others_are_its_zoom():
    plain = run(*CROP)
    pyramid = run(dict(type='TopdownPyramid', transforms=CROP, scales=(0.5, 1, 2.0)))
    small, same, large = pyramid['data_samples']
    assert (pyramid['inputs'][1] == plain['inputs']).all()
    assert (pyramid['inputs'][0] != plain['inputs']).any()
    reference = plain['data_samples'].metainfo['input_scale']
    np.testing.assert_array_equal(same.metainfo['input_scale'], reference)
    np.testing.assert_allclose(small.metainfo['input_scale'], 2 * reference)
    np.testing.assert_allclose(large.metainfo['input_scale'], reference / 2)
    for sample, scale in zip(pyramid['data_samples'], (0.5, 1.0, 2.0), strict=True):
        assert sample.metainfo['pyramid_scale'] == scale
        np.testing.assert_array_equal(
            sample.metainfo['input_center'],
            plain['data_samples'].metainfo['input_center'],
        )


def test_six_scales_by_default():
    assert len(run(dict(type='TopdownPyramid', transforms=CROP))['inputs']) == 6


@pytest.mark.parametrize(
    'scales',
    [
        (),
        [],
        (1.0, 0),
        (-0.8,),
        '1',
        ('1',),
        1.0,
        None,
        (True,),
        (math.nan,),
        (math.inf,),
    ],
)
def test_scales_that_are_none(scales):
    with pytest.raises(ConfigError, match=r'TopdownPyramid: scales=.* must be a list'):
        TopdownPyramid(CROP, scales)


def test_its_place_in_the_pipeline():
    with pytest.raises(ConfigError, match='after GetBBoxCenterScale'):
        TopdownPyramid(CROP).transform({})
    with pytest.raises(ConfigError, match='end it with .*PackPoseInputs'):
        run(dict(type='TopdownPyramid', transforms=CROP[:1]))
