"""Batched suppression of duplicate poses by object key-point similarity (OKS).

The results are those of :func:`mmpose.evaluation.functional.oks_nms` and
``soft_oks_nms``, which compare two poses at a time. Here the similarities of all pairs
in an image, and in all images with the same number of people, are computed at once, by
the same operations in the same order and precision.
"""

from collections.abc import Iterator, Sequence

import numpy as np

# Elements of the largest temporary array, 32 MiB in float64.
_CHUNK = 1 << 22
SOFT_MAX_POSES = 20


def pairwise_oks(
    keypoints: np.ndarray, areas: np.ndarray, sigmas: np.ndarray
) -> np.ndarray:
    """Compute the similarity of each pair of poses of an image, for many images.

    Args:
        keypoints (np.ndarray): (B, N, K, 2 or more); only x and y are used.
        areas (np.ndarray): Size of each person, (B, N).
        sigmas (np.ndarray): OKS constants, (K,).

    Returns:
        np.ndarray: (B, N, N), float32 and symmetric; zeros on the diagonal.
    """
    images, people = areas.shape
    first, second = np.triu_indices(people, 1)
    xs, ys = (np.ascontiguousarray(keypoints[..., axis]) for axis in (0, 1))
    squares = (xs[:, second] - xs[:, first]) ** 2
    squares += (ys[:, second] - ys[:, first]) ** 2
    half = ((areas[:, first] + areas[:, second]) / 2).astype(np.float64)
    error = squares / (sigmas * 2) ** 2
    # MMPose divides an array by a scalar, for which NumPy 1 and 2 promote differently.
    kind = np.result_type(error, np.float64(1))
    error = error / (half + np.spacing(1)).astype(kind)[..., None] / 2
    similar = np.exp(-error).sum(axis=-1) / error.shape[-1]
    oks = np.zeros((images, people, people), dtype=np.float32)
    oks[:, first, second] = similar
    oks[:, second, first] = oks[:, first, second]
    return oks


def suppress(
    keypoints: np.ndarray,
    areas: np.ndarray,
    scores: np.ndarray,
    images: np.ndarray,
    sigmas: np.ndarray,
    threshold: float,
    soft: bool = False,
) -> np.ndarray:
    """Find the poses to keep, image by image.

    Args:
        keypoints (np.ndarray): Poses of all images, (N, K, 2 or more).
        areas (np.ndarray): (N,).
        scores (np.ndarray): (N,).
        images (np.ndarray): Position of each pose's image, (N,), ascending.
        sigmas (np.ndarray): OKS constants, (K,).
        threshold (float): A pose is kept if its OKS with every better pose that is kept
            is at most this value.
        soft (bool): Whether to lower scores by OKS instead, and keep the 20 best.
            Default: False.

    Returns:
        np.ndarray: Indices in ascending order of images, from high to low scores
        within an image.
    """
    starts = np.flatnonzero(np.r_[True, images[1:] != images[:-1]][: len(images)])
    counts = np.diff(np.r_[starts, len(images)])
    kept: dict[int, np.ndarray] = {
        start: np.array([start]) for start in starts[counts == 1].tolist()
    }
    for group, count in _groups(starts, counts, keypoints.shape[1]):
        rows = group[:, None] + np.arange(count)
        oks = pairwise_oks(keypoints[rows], areas[rows], sigmas)
        clear = (oks <= threshold).all(axis=(1, 2)) & (not soft)
        for i, start in enumerate(group.tolist()):
            part = scores[start : start + count]
            if clear[i]:
                keep = part.argsort()[::-1]
            elif soft:
                keep = _soft(oks[i], part, threshold)
            else:
                keep = _hard(oks[i], part, threshold)
            kept[start] = start + keep
    return np.concatenate([kept[s] for s in starts.tolist()] or [np.empty(0, int)])


def _groups(
    starts: np.ndarray, counts: np.ndarray, joints: int
) -> Iterator[tuple[np.ndarray, int]]:
    """Group images by number of people: their first poses, and that number."""
    for count in np.unique(counts[counts > 1]).tolist():
        group = starts[counts == count]
        pairs = count * (count - 1) // 2
        size = max(1, _CHUNK // (pairs * joints))
        for first in range(0, len(group), size):
            yield group[first : first + size], count


def _hard(oks: np.ndarray, scores: np.ndarray, threshold: float) -> np.ndarray:
    order = scores.argsort()[::-1]
    keep = []
    while len(order):
        best, order = order[0], order[1:]
        keep.append(best)
        order = order[oks[best, order] <= threshold]
    return np.array(keep)


def _soft(oks: np.ndarray, scores: np.ndarray, threshold: float) -> np.ndarray:
    order = scores.argsort()[::-1]
    scores = scores[order]
    keep: list = []
    while len(order) and len(keep) < SOFT_MAX_POSES:
        best, order = order[0], order[1:]
        keep.append(best)
        scores = scores[1:] * np.exp(-(oks[best, order] ** 2) / threshold)
        again = scores.argsort()[::-1]
        order, scores = order[again], scores[again]
    return np.array(keep)


def pose_scores(
    mode: str,
    keypoint_scores: np.ndarray,
    box_scores: np.ndarray,
    threshold: float,
) -> np.ndarray:
    """Compute the score of each pose, as defined by ``CocoMetric``'s ``score_mode``.

    Args:
        mode (str): ``'bbox'``, ``'keypoint'``, ``'bbox_rle'`` or ``'bbox_keypoint'``.
        keypoint_scores (np.ndarray): (N, K).
        box_scores (np.ndarray): (N,).
        threshold (float): With ``'bbox_keypoint'``, key points up to this score are
            excluded from the mean.

    Returns:
        np.ndarray: (N,).
    """
    if mode == 'bbox':
        return box_scores
    if mode == 'keypoint':
        return keypoint_scores.mean(axis=-1)
    if mode == 'bbox_rle':
        total = box_scores + keypoint_scores.mean(axis=-1)
        return (total + keypoint_scores.max(axis=-1)).astype(np.float64)
    return box_scores * _mean_above(keypoint_scores, threshold)


def _mean_above(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Average each row's values above a threshold, added up in order; 0 for none."""
    # The dtype of MMPose's sum, which starts from the integer 0.
    kind = (0 + scores.dtype.type(0)).dtype
    above = scores > threshold
    total = np.zeros(len(scores), dtype=kind)
    for column, counted in zip(scores.T, above.T, strict=True):
        total += np.where(counted, column, 0)
    return total / np.maximum(above.sum(axis=1), 1).astype(kind)


def unique_poses(
    images: Sequence, ids: Sequence, sortable: Sequence[bool]
) -> tuple[np.ndarray, np.ndarray]:
    """Order the poses by image and identifier, without repeated identifiers.

    Args:
        images (Sequence): Identifier of each pose's image.
        ids (Sequence): Identifier of each pose; if several poses of an image have the
            same one, the first is kept.
        sortable (Sequence[bool]): Whether the identifier belongs to one pose. If it
            belongs to a whole image, as bottom-up, ``CocoMetric`` does not sort this
            and all later images.

    Returns:
        tuple[np.ndarray, np.ndarray]: Indices of the poses in order, and the position
        of each one's image, counted in the order of appearance.
    """
    places: dict = {}
    position = np.array([places.setdefault(i, len(places)) for i in images], dtype=int)
    starts: dict[int, int] = {}
    for pose, place in enumerate(position.tolist()):
        starts.setdefault(place, pose)
    unsorted = [place for place, pose in starts.items() if not sortable[pose]]
    end = min(unsorted, default=len(places))
    numbers = np.array(
        [i if p < end else 0 for i, p in zip(ids, position.tolist(), strict=True)]
    )
    # The last key is the primary criterion; the sort is stable.
    order = np.lexsort((numbers, position))
    position, numbers = position[order], numbers[order]
    again = np.r_[
        False, (position[1:] == position[:-1]) & (numbers[1:] == numbers[:-1])
    ][: len(order)]
    keep = ~again | (position >= end)
    return order[keep], position[keep]
