"""Decoding of heat maps to key points, for many people at once.

Each function does with NumPy what the corresponding codec of MMPose does. Positions
are pixels (x, y) of the heat map until :func:`decode_heatmaps` scales them.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

ARRAY = np.ndarray
# What MMPose's UDP decoding adds to the diagonal of the Hessian.
_EPSILON = float(np.finfo(np.float32).eps)


def decode_heatmaps(
    maps: ARRAY, codec: dict[str, Any], input_size: tuple[int, int]
) -> tuple[ARRAY, ARRAY]:
    """Decode the heat maps of N people.

    Args:
        maps (np.ndarray): (N, C, H, W) float32.
        codec (dict): See :class:`.Manifest`.
        input_size (tuple[int, int]): Width and height of the crop.

    Returns:
        tuple[np.ndarray, np.ndarray]: Key points (N, K, 2) in pixels of the crop, and
        scores (N, K), float32.
    """
    name = codec['name']
    points, scores = DECODERS[name](maps, codec)
    heatmap_size = np.asarray(codec['heatmap_size'])
    if name.startswith('udp'):
        points = points / (heatmap_size - 1) * input_size
    else:
        points = points * (np.asarray(input_size) / heatmap_size).astype(np.float32)
    return points.astype(np.float32), scores


def find_maxima(maps: ARRAY) -> tuple[ARRAY, ARRAY]:
    """Find the maximum of each map; of several equal ones, the first.

    Args:
        maps (np.ndarray): (N, K, H, W).

    Returns:
        tuple[np.ndarray, np.ndarray]: Positions (N, K, 2) and values (N, K). A map
        without a positive value has the position (-1, -1).

    Example:
        >>> maps = np.zeros((1, 1, 4, 5), np.float32)
        >>> maps[0, 0, 2, 3] = 0.7
        >>> points, scores = find_maxima(maps)
        >>> points[0, 0].tolist(), round(float(scores[0, 0]), 3)
        ([3.0, 2.0], 0.7)
    """
    flat = maps.reshape(*maps.shape[:2], -1)
    index = flat.argmax(-1)
    scores = np.take_along_axis(flat, index[..., None], -1)[..., 0]
    points = np.stack(np.divmod(index, maps.shape[-1])[::-1], -1).astype(np.float32)
    points[scores <= 0] = -1
    return points, scores


def _neighbors(maps: ARRAY, points: ARRAY) -> Callable[[int, int], ARRAY]:
    """Return the function (dx, dy) -> values (N, K) beside the given pixels."""
    height, width = maps.shape[-2:]
    x, y = points[..., 0].astype(int), points[..., 1].astype(int)
    person, joint = np.ogrid[: maps.shape[0], : maps.shape[1]]

    def value(dx: int, dy: int) -> ARRAY:
        row, column = np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)
        return maps[person, joint, row, column]

    return value


def _quarter(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Move each maximum by a quarter pixel along both axes (``MSRAHeatmap``)."""
    points, scores = find_maxima(maps)
    at = _neighbors(maps, points)
    height, width = maps.shape[-2:]
    x, y = points[..., 0], points[..., 1]
    inside_x = (x > 1) & (x < width - 1) & (y > 0) & (y < height)
    inside_y = (y > 1) & (y < height - 1) & (x > 0) & (x < width)
    step = np.stack(
        [
            np.where(inside_x, np.sign(at(1, 0) - at(-1, 0)), 0),
            np.where(inside_y, np.sign(at(0, 1) - at(0, -1)), 0),
        ],
        -1,
    )
    return points + 0.25 * step.astype(np.float32), scores


def _second_max(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Move each maximum by a quarter pixel toward the second one (DAUNet, eq. 1)."""
    flat = maps.reshape(*maps.shape[:2], -1).copy()
    points, scores = find_maxima(maps)
    np.put_along_axis(flat, flat.argmax(-1)[..., None], -np.inf, -1)
    second = np.stack(np.divmod(flat.argmax(-1), maps.shape[-1])[::-1], -1)
    step = second.astype(np.float32) - points
    step /= np.linalg.norm(step, axis=-1, keepdims=True)
    return np.where(scores[..., None] > 0, points + 0.25 * step, -1), scores


def blur_like_training(maps: ARRAY, kernel: int) -> ARRAY:
    """Blur each map, padded with zeros, and rescale it to its former maximum.

    Args:
        maps (np.ndarray): (N, K, H, W) float32.
        kernel (int): Odd size of the Gaussian kernel.

    Returns:
        np.ndarray: (N, K, H, W) float32.
    """
    border = (kernel - 1) // 2
    padded = np.pad(maps, ((0, 0), (0, 0), (border, border), (border, border)))
    inner = slice(border, -border or None)
    blurred = np.empty_like(maps)
    for index in np.ndindex(*maps.shape[:2]):
        blurred[index] = cv2.GaussianBlur(padded[index], (kernel, kernel), 0)[
            inner, inner
        ]
    highest = maps.max((-2, -1), keepdims=True)
    with np.errstate(divide='ignore', invalid='ignore'):
        return blurred * (highest / blurred.max((-2, -1), keepdims=True))


def _newton(first: list[ARRAY], second: list[ARRAY], epsilon: float = 0) -> ARRAY:
    """Return -H^-1 g, (N, K, 2); 0 where H cannot be inverted."""
    dx, dy = (part.astype(np.float64) for part in first)
    dxx, dxy, dyy = (part.astype(np.float64) for part in second)
    dxx, dyy = dxx + epsilon, dyy + epsilon
    determinant = dxx * dyy - dxy * dxy
    with np.errstate(divide='ignore', invalid='ignore'):
        step = -np.stack([dyy * dx - dxy * dy, dxx * dy - dxy * dx], -1)
        step /= determinant[..., None]
    return np.where(determinant[..., None] != 0, step, 0)


def _dark(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Fit a Gaussian to the blurred maximum (``MSRAHeatmap(unbiased=True)``)."""
    points, scores = find_maxima(maps)
    at = _neighbors(
        np.log(np.maximum(blur_like_training(maps, codec['kernel']), 1e-10)), points
    )
    height, width = maps.shape[-2:]
    x, y = points[..., 0], points[..., 1]
    first = [0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1))]
    second = [
        0.25 * (at(2, 0) - 2 * at(0, 0) + at(-2, 0)),
        0.25 * (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)),
        0.25 * (at(0, 2) - 2 * at(0, 0) + at(0, -2)),
    ]
    inside = (x > 1) & (x < width - 2) & (y > 1) & (y < height - 2)
    step = np.where(inside[..., None], _newton(first, second), 0)
    return points + step, scores


def _udp(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Fit a Gaussian as UDP does (``UDPHeatmap``)."""
    points, scores = find_maxima(maps)
    blurred = np.log(np.clip(blur_like_training(maps, codec['kernel']), 1e-3, 50))
    at = _neighbors(blurred, points)  # beyond the border: the border's value
    middle = at(0, 0)
    first = [0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1))]
    dxy = at(1, 1) - at(1, 0) - at(0, 1) + 2 * middle - at(-1, 0) - at(0, -1)
    second = [
        at(1, 0) - 2 * middle + at(-1, 0),
        0.5 * (dxy + at(-1, -1)),
        at(0, 1) - 2 * middle + at(0, -1),
    ]
    found = points + _newton(first, second, _EPSILON)
    return np.where(scores[..., None] > 0, found, -1), scores


def _udp_offset(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Add the offsets at the maximum (``UDPHeatmap(heatmap_type='combined')``)."""
    size = 2 * codec['kernel'] + 1
    classes = maps[:, ::3].copy()
    for index in np.ndindex(*classes.shape[:2]):
        classes[index] = cv2.GaussianBlur(classes[index], (size, size), 0)
    points, scores = find_maxima(classes)
    radius = codec['radius_factor'] * max(maps.shape[-2:])
    offset = np.stack(
        [_neighbors(maps[:, axis::3], points)(0, 0) for axis in (1, 2)], -1
    )
    return points + offset * radius, scores


def _megvii(maps: ARRAY, codec: dict[str, Any]) -> tuple[ARRAY, ARRAY]:
    """Blur, then move each maximum by a quarter pixel (``MegviiHeatmap``)."""
    maps = blur_like_training(maps, codec['kernel'])
    points, scores = find_maxima(maps)
    at = _neighbors(maps, points)
    height, width = maps.shape[-2:]
    x, y = points[..., 0], points[..., 1]
    inside = (x > 1) & (x < width - 1) & (y > 1) & (y < height - 1)
    sign = np.stack([np.sign(at(1, 0) - at(-1, 0)), np.sign(at(0, 1) - at(0, -1))], -1)
    step = np.where(inside[..., None], 0.25 * sign + 0.5, 0)
    return points + step, scores / 255 + 0.5


#: Decoders by their names in a file.
DECODERS: dict[str, Callable[[ARRAY, dict[str, Any]], tuple[ARRAY, ARRAY]]] = {
    'quarter': _quarter,
    'second_max': _second_max,
    'dark': _dark,
    'udp': _udp,
    'udp_offset': _udp_offset,
    'megvii': _megvii,
}
