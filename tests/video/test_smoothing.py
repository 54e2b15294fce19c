"""The One-Euro filter against its equations."""

import math

import numpy as np
import pytest
from people import people

from mmpose_ext.utils import ConfigError
from mmpose_ext.video import OneEuroFilter, PoseSmoother


def test_the_first_steps_by_hand():
    """tau = 1 / (2 pi fc), alpha = 1 / (1 + tau / Te), as the paper has them."""
    one = OneEuroFilter(min_cutoff=1, beta=0.5, d_cutoff=2)
    assert one(np.array([10.0]), 0.0) == 10
    value = one(np.array([14.0]), 0.1)[0]
    alpha_d = 1 / (1 + 1 / (2 * math.pi * 2) / 0.1)
    speed = alpha_d * (14 - 10) / 0.1
    cutoff = 1 + 0.5 * speed
    alpha = 1 / (1 + 1 / (2 * math.pi * cutoff) / 0.1)
    assert value == pytest.approx(10 + alpha * 4)


def test_without_beta_it_is_a_low_pass_filter():
    one = OneEuroFilter(min_cutoff=1 / (2 * math.pi), beta=0)
    one(np.zeros(1), 0.0)
    # tau is 1 s: at steps of 1 s half of what is left is gone each time.
    for step, left in enumerate((0.5, 0.25, 0.125), start=1):
        assert one(np.ones(1), step)[0] == pytest.approx(1 - left)


def test_it_is_calm_at_rest_and_quick_in_motion():
    rng = np.random.default_rng(0)
    times = np.arange(200) / 30
    still = 100 + rng.normal(0, 2, 200)
    moving = 400 * times
    one, other = OneEuroFilter(), OneEuroFilter()
    calm = np.array(
        [one(np.array([v]), t)[0] for v, t in zip(still, times, strict=True)]
    )
    quick = [other(np.array([v]), t)[0] for v, t in zip(moving, times, strict=True)]
    assert calm[60:].std() < 0.5 * still[60:].std()
    slow = OneEuroFilter(beta=0)
    late = [slow(np.array([v]), t)[0] for v, t in zip(moving, times, strict=True)]
    assert moving[-1] - quick[-1] < 0.5 * (moving[-1] - late[-1])


def test_times_that_stand_still():
    one = OneEuroFilter()
    one(np.ones(2), 1.0)
    assert one(np.zeros(2), 1.0).tolist() == [1, 1]
    with pytest.raises(ConfigError, match='min_cutoff=0'):
        OneEuroFilter(min_cutoff=0)
    with pytest.raises(ConfigError, match='beta=-1'):
        PoseSmoother(beta=-1)


def test_people_are_filtered_apart_and_begin_anew_after_a_while():
    smoother = PoseSmoother(min_cutoff=0.1, beta=0)
    first = smoother(people([(0, 0), (50, 50)], ids=[4, 7]), 0.0)
    np.testing.assert_allclose(first.keypoints[1, 0], [50, 50])
    # The order of the people changes, and one more comes.
    second = smoother(people([(60, 60), (9, 9), (10, 10)], ids=[7, 9, 4]), 0.1)
    assert 50 < second.keypoints[0, 0, 0] < 52
    np.testing.assert_allclose(second.keypoints[1, 0], [9, 9])
    assert 0 < second.keypoints[2, 0, 0] < 2
    third = smoother(people([(200, 200)], ids=[4]), 2.0)
    np.testing.assert_allclose(third.keypoints[0, 0], [200, 200])
    with pytest.raises(ValueError, match='numbers'):
        smoother(people([(0, 0)]), 0.0)
