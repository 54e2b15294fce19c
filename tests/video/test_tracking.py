"""People keep their numbers."""

import numpy as np
import pytest
from people import people

from mmpose_ext.video import PersonTracker
from mmpose_ext.video.tracking import box_iou, keypoint_similarity


def numbers(tracker, *corners):
    return tracker(people(corners)).ids.tolist()


def test_numbers_follow_people_whatever_their_order():
    tracker = PersonTracker()
    assert numbers(tracker, (0, 0), (100, 0), (200, 0)) == [0, 1, 2]
    assert numbers(tracker, (203, 2), (2, 1), (98, 3)) == [2, 0, 1]
    # One leaves and one comes.
    assert numbers(tracker, (400, 0), (4, 1), (205, 0)) == [3, 0, 2]


def test_those_who_are_gone_for_long_get_a_new_number():
    tracker = PersonTracker(max_age=2)
    assert numbers(tracker, (0, 0)) == [0]
    assert numbers(tracker) == []
    assert numbers(tracker) == []
    assert numbers(tracker, (1, 0)) == [0]
    for _ in range(3):
        assert numbers(tracker) == []
    assert numbers(tracker, (1, 0)) == [1]


def test_the_pairs_with_the_largest_sum_win():
    """Greedy matching would give the first person the second one's number."""
    tracker = PersonTracker(min_similarity=0.01)
    assert numbers(tracker, (0, 0), (10, 0)) == [0, 1]
    assert numbers(tracker, (7, 0), (14, 0)) == [0, 1]


def test_key_points_decide_where_boxes_are_the_same():
    tracker = PersonTracker()
    both = people([(0, 0), (0, 0)])
    both.keypoints[1] = both.keypoints[1][::-1]
    assert tracker(both).ids.tolist() == [0, 1]
    swapped = both.subset(np.array([1, 0]))
    assert tracker(swapped).ids.tolist() == [1, 0]


def test_similarities_by_hand():
    boxes = np.array([[0, 0, 4, 4], [2, 2, 6, 6.0]])
    np.testing.assert_allclose(box_iou(boxes, boxes), [[1, 4 / 28], [4 / 28, 1]])
    points = np.zeros((1, 2, 2))
    moved = points + np.array([[[0, 0], [3, 4]]])
    found = keypoint_similarity(points, moved, np.array([100.0]), np.array([0.1, 0.5]))
    # exp(-d^2 / (2 s k^2)) with k twice the sigma: 1 and exp(-25 / 200).
    assert found == pytest.approx((1 + np.exp(-25 / 200)) / 2)
