import numpy as np
import pytest
from mmcv.transforms.utils import cache_random_params
from mmpose.datasets.transforms import BottomupRandomAffine, BottomupResize

from mmpose_ext.datasets.transforms import CanvasRandomAffine
from mmpose_ext.utils import ConfigError


def results(width, height):
    """Two points and a box in a picture."""
    return dict(
        img=np.full((height, width, 3), 50, np.uint8),
        img_shape=(height, width),
        ori_shape=(height, width),
        keypoints=np.array([[[width / 2, height / 2], [30.0, 20.0]]], np.float32),
        keypoints_visible=np.ones((1, 2), np.float32),
        bbox=np.array([[40.0, 20.0, 60.0, 50.0]], np.float32),
        area=np.array([600.0], np.float32),
    )


@pytest.mark.parametrize('scale', [0.5, 1.0, 1.5])
def test_scale_is_about_the_middle_of_the_mosaic(scale):
    transform = CanvasRandomAffine(
        (64, 64), scale_factor=(scale, scale), shift_factor=0, clip_border=False
    )
    out = transform(results(128, 128))
    assert out['img'].shape == (64, 64, 3)
    middle, other = out['keypoints'][0]
    np.testing.assert_allclose(middle, [32, 32], atol=1e-4)
    # The distance from the middle grows with the scale.
    np.testing.assert_allclose(
        other - middle, np.array([30 - 64, 20 - 64]) * scale, atol=1e-4
    )
    left, top, right, bottom = out['bbox'][0]
    np.testing.assert_allclose(
        [right - left, bottom - top], [20 * scale, 30 * scale], atol=1e-4
    )
    np.testing.assert_allclose(out['area'], 600 * scale**2, rtol=1e-5)


def test_shift_is_a_share_of_the_input(monkeypatch):
    transform = CanvasRandomAffine(
        (64, 64), scale_factor=(0.5, 0.5), shift_factor=0.1, clip_border=False
    )
    monkeypatch.setattr(transform, '_random', lambda size=(): np.ones(size))
    out = transform(results(128, 128))
    # 6.4 pixels right and down, whatever the scale.
    np.testing.assert_allclose(out['keypoints'][0, 0], [38.4, 38.4], atol=1e-4)


def test_range_of_scales_and_shifts():
    transform = CanvasRandomAffine((64, 64))
    np.random.seed(0)  # noqa: NPY002
    drawn = [transform._get_transform_params() for _ in range(500)]
    scales = np.array([1 / (2 * size[0]) for _, size, *_ in drawn])
    shifts = np.array([-offset / size for offset, size, *_ in drawn])
    assert 0.5 <= scales.min() < 0.52
    assert 1.48 < scales.max() <= 1.5
    assert 0.098 < np.abs(shifts).max() <= 0.1
    assert all(rotate == 0 for *_, rotate, _ in drawn)


def test_scales_are_uniform(monkeypatch):
    """A quarter of all scales lies in each quarter of the range."""
    transform = CanvasRandomAffine((64, 64), shift_factor=0)
    np.random.seed(0)  # noqa: NPY002
    drawn = [transform._get_transform_params()[1][0] for _ in range(4000)]
    counts, _ = np.histogram(1 / (2 * np.array(drawn)), [0.5, 0.75, 1, 1.25, 1.5])
    # Within four standard deviations of a fair count; a normal's middle has 56 %.
    assert np.abs(counts - 1000).max() < 110
    for share in (0.0, 0.25, 0.9):
        monkeypatch.setattr(np.random, 'rand', lambda *size, s=share: np.full(size, s))
        _, seen, *_ = transform._get_transform_params()
        np.testing.assert_allclose(1 / (2 * seen), 0.5 + share)


@pytest.mark.parametrize('size', [(100, 60), (60, 100), (64, 64)])
def test_on_a_canvas_of_one_it_is_the_resize_of_testing(size):
    plain = dict(scale_factor=(1, 1), shift_factor=0)
    out = CanvasRandomAffine((64, 64), canvas=1, **plain)(results(*size))
    test = BottomupResize((64, 64), pad_val=(114, 114, 114))(results(*size))
    np.testing.assert_array_equal(out['img'], test['img'])
    # And the estimator's way back from the input leads to the image's point.
    center, scale = test['input_center'], test['input_scale']
    back = out['keypoints'] / 64 * scale + center - 0.5 * scale
    np.testing.assert_allclose(back, results(*size)['keypoints'], atol=1e-3)


def test_mmpose_perspective_turns_about_another_point():
    """Why there is a subclass."""
    stock = BottomupRandomAffine(
        (64, 64),
        shift_prob=0,
        rotate_prob=0,
        shear_prob=0,
        scale_factor=(0.5, 0.5),
        transform_mode='perspective',
        bbox_keep_corner=False,
    )
    out = stock(results(128, 128))
    assert not np.allclose(out['keypoints'][0, 0], [32, 32], atol=1)


def test_what_leaves_the_input_is_cut():
    transform = CanvasRandomAffine((64, 64), scale_factor=(1, 1), shift_factor=0)
    out = transform(results(128, 128))
    assert out['keypoints_visible'].tolist() == [[1, 0]]
    np.testing.assert_allclose(out['bbox'], [[8, 0, 28, 18]], atol=1e-4)


def test_draws_are_kept_while_cached():
    transform = CanvasRandomAffine((64, 64))
    with cache_random_params(transform):
        one, two = (transform(results(128, 128))['keypoints'] for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    'wrong', [dict(canvas=0), dict(scale_factor=(1.5, 0.5)), dict(scale_factor=(0, 1))]
)
def test_wrong_numbers(wrong):
    with pytest.raises(ConfigError, match=f'CanvasRandomAffine: {next(iter(wrong))}='):
        CanvasRandomAffine((64, 64), **wrong)
    with pytest.raises(ConfigError, match="transform_mode='perspective' is not"):
        CanvasRandomAffine((64, 64), transform_mode='perspective')
