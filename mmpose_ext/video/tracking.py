"""Tracks people: the same person gets the same number in every frame.

Boxes and key points of one frame are matched with those of the last ones by the mean of
their IoU and their object key-point similarity, one to one with the largest sum. Not
from any of the papers.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..apis.results import PoseResult
from ..utils.checks import check_numbers

# Spread in COCO's similarity of a joint whose own is not known.
_SIGMA = 0.079


def box_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the intersection over union of boxes.

    >>> box_iou(np.array([[0, 0, 2, 2.]]), np.array([[1, 0, 3, 2.], [5, 5, 6, 6]]))
    array([[0.33333333, 0.        ]])

    Args:
        first (np.ndarray): (n, 4): left, top, right, bottom.
        second (np.ndarray): (m, 4).

    Returns:
        np.ndarray: (n, m).
    """
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None] - shared
    return shared / np.maximum(union, 1e-9)


def keypoint_similarity(
    first: np.ndarray, second: np.ndarray, areas: np.ndarray, sigmas: np.ndarray
) -> np.ndarray:
    """Return COCO's object key-point similarity, over all key points.

    Args:
        first (np.ndarray): (n, K, 2).
        second (np.ndarray): (m, K, 2).
        areas (np.ndarray): (m,), areas of the people of ``second``.
        sigmas (np.ndarray): (K,), the spread of each key point.

    Returns:
        np.ndarray: (n, m), in [0, 1].
    """
    squared = ((first[:, None] - second[None]) ** 2).sum(axis=3)
    spread = 2 * (2 * sigmas) ** 2 * np.maximum(areas, 1.0)[None, :, None]
    return np.exp(-squared / spread).mean(axis=2)


class PersonTracker:
    """Gives each person a number that stays the same from frame to frame.

    Args:
        min_similarity (float): Minimum similarity of the same person in two frames.
            Default: 0.2.
        max_age (int): Number of frames for which a person keeps the number without
            being seen. Default: 30.

    Example:
        >>> from mmpose_ext.apis import PoseResult
        >>> def result(left):
        ...     box = np.array([[left, 0, left + 40, 80]], np.float32)
        ...     points = box[:, None, :2] + np.zeros((1, 17, 1), np.float32)
        ...     one = np.ones(1, np.float32)
        ...     return PoseResult(points, np.ones((1, 17)), box, one, one,
        ...                       'given', (640, 480), '', {})
        >>> track = PersonTracker()
        >>> [int(track(result(left)).ids[0]) for left in (0, 2, 500)]
        [0, 0, 1]
    """

    def __init__(self, min_similarity: float = 0.2, max_age: int = 30) -> None:
        check_numbers('PersonTracker', least=0, max_age=max_age)
        self.min_similarity, self.max_age = min_similarity, max_age
        self._next = 0
        self._boxes = np.zeros((0, 4))
        self._points = np.zeros((0, 0, 2))
        self._ids = np.zeros(0, np.int64)
        self._ages = np.zeros(0, int)

    def __call__(self, result: PoseResult) -> PoseResult:
        """Return the result with ``ids``.

        Args:
            result (PoseResult): Result of the next frame.
        """
        ids = np.full(len(result), -1, np.int64)
        if len(result) and len(self._ids):
            ids = self._matched(result, ids)
        new = ids < 0
        ids[new] = self._next + np.arange(new.sum())
        self._next += int(new.sum())
        self._remember(result, ids)
        return replace(result, ids=ids)

    def _matched(self, result: PoseResult, ids: np.ndarray) -> np.ndarray:
        count = result.keypoints.shape[1]
        sigmas = np.asarray(result.meta.get('sigmas', ()), float)
        sigmas = sigmas if len(sigmas) == count else np.full(count, _SIGMA)
        areas = np.prod(self._boxes[:, 2:] - self._boxes[:, :2], axis=1)
        similar = 0.5 * box_iou(result.boxes, self._boxes)
        similar += 0.5 * keypoint_similarity(
            result.keypoints, self._points, areas, sigmas
        )
        rows, columns = linear_sum_assignment(-similar)
        good = similar[rows, columns] >= self.min_similarity
        ids[rows[good]] = self._ids[columns[good]]
        return ids

    def _remember(self, result: PoseResult, ids: np.ndarray) -> None:
        """Update the people who were seen, and drop those not seen for long."""
        kept = ~np.isin(self._ids, ids) & (self._ages + 1 <= self.max_age)
        points = result.keypoints.astype(float)
        old = self._points[kept].reshape(-1, *points.shape[1:])
        self._points = np.concatenate([points, old])
        self._boxes = np.concatenate([result.boxes, self._boxes[kept]])
        self._ages = np.concatenate([np.zeros(len(ids), int), self._ages[kept] + 1])
        self._ids = np.concatenate([ids, self._ids[kept]])
