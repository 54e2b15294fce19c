import cv2
import numpy as np
import pytest

from mmpose_ext.datasets.transforms import RandomHSVGain


def with_factors(monkeypatch, *factors):
    transform = RandomHSVGain()
    monkeypatch.setattr(transform, '_factors', lambda: np.array(factors))
    return transform


def image(*hsv):
    return cv2.cvtColor(np.full((2, 3, 3), hsv, np.uint8), cv2.COLOR_HSV2BGR)


def test_value_is_multiplied(monkeypatch):
    halved = with_factors(monkeypatch, 1, 1, 0.5)
    gray = np.full((2, 3, 3), 200, np.uint8)
    assert (halved(dict(img=gray))['img'] == 100).all()
    # Black stays black, where MMPose's transform adds.
    assert not halved(dict(img=np.zeros_like(gray)))['img'].any()
    doubled = with_factors(monkeypatch, 1, 1, 2)
    assert (doubled(dict(img=gray))['img'] == 255).all()


def test_hue_goes_round_and_saturation_ends(monkeypatch):
    out = with_factors(monkeypatch, 1.5, 2, 1)(dict(img=image(150, 200, 200)))['img']
    hsv = cv2.cvtColor(out, cv2.COLOR_BGR2HSV)
    assert abs(int(hsv[0, 0, 0]) - (225 - 180)) <= 1
    assert hsv[0, 0, 1] == 255
    assert hsv[0, 0, 2] == 200


def test_ones_change_nothing(monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    out = with_factors(monkeypatch, 1, 1, 1)(dict(img=pixels.copy()))['img']
    back = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV), cv2.COLOR_HSV2BGR)
    np.testing.assert_array_equal(out, back)


def test_range():
    np.random.seed(0)  # noqa: NPY002
    transform = RandomHSVGain()
    drawn = np.stack([transform._factors() for _ in range(1000)])
    for column, gain in zip(drawn.T, (0.015, 0.7, 0.4), strict=True):
        assert 1 - gain <= column.min() < 1 - 0.98 * gain
        assert 1 + 0.98 * gain < column.max() <= 1 + gain


def test_wrong_gain():
    with pytest.raises(ValueError, match=r'RandomHSVGain: value=1.5 must be'):
        RandomHSVGain(value=1.5)
