"""Finds the maxima of many heat maps at once, with MMPose's refinements.

The maxima and the pixels around them are read on the maps' device; NumPy does the
arithmetic on these few numbers and holds the result. Each function gives the same
result as the function of MMPose, for one sample, that its docstring names. Maps are
(N, H, W), positions (N, 2) as (x, y) in heat-map pixels.
"""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import torch
from mmpose.codecs.utils import refine_keypoints_dark, refine_keypoints_dark_udp
from torch import Tensor

# Refined positions that the rounding of logarithms in float32 could move by more than
# 1e-5 pixels are left to MMPose's own code.
_MOST_SENSITIVE = 25.0
# MMPose's refinements cut the blurred map at these values before its logarithm.
_DARK_FLOOR, _UDP_FLOOR, _UDP_CEILING = 1e-10, 1e-3, 50.0
# PyTorch's vectorized maximum reduces blocks of at least this many values at the speed
# at which it reads them.
_BLOCK = 128


def heatmap_maxima(heatmaps: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Find each map's maximum, like :func:`mmpose.codecs.utils.get_heatmap_maximum`.

    Args:
        heatmaps (Tensor): (N, H, W). If a map has a nan, that is its maximum.

    Returns:
        tuple[np.ndarray, np.ndarray]: Integer positions (N, 2), (-1, -1) where the
        maximum is not positive, and the maxima (N,).
    """
    width = heatmaps.shape[-1]
    flat = heatmaps.flatten(1)
    if flat.device.type == 'cpu':
        # NumPy's search is several times as fast as PyTorch's.
        rows = flat.numpy()
        index = rows.argmax(axis=1)
        values = rows.reshape(-1).take(index + np.arange(len(rows)) * rows.shape[1])
    else:
        best = flat.argmax(dim=1)
        values = flat.gather(1, best[:, None])[:, 0].cpu().numpy()
        index = best.cpu().numpy()
    places = np.empty((len(index), 2), index.dtype)
    np.divmod(index, width, out=(places[:, 1], places[:, 0]))
    places[values <= 0] = -1
    return places, values


def two_maxima(flat: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find each row's first and second maximum.

    Args:
        flat (Tensor): (N, P); P is at least 2.

    Returns:
        tuple[np.ndarray, np.ndarray, np.ndarray]: The indices of the two and the value
        of the first, (N,) each. Equal values keep their order; nan counts as the
        highest.
    """
    if flat.device.type != 'cpu':
        return _two_maxima_on_device(flat)
    size = _block_size(flat.shape[1])
    every = np.arange(len(flat))
    # One pass over the maps; then only the maxima of the blocks, and one or two blocks,
    # are read.
    blocks = flat.reshape(len(flat), -1, size)
    highest = blocks.amax(dim=2).numpy()
    values = blocks.numpy()
    place = highest.argmax(axis=1)
    block = values[every, place]
    inside = block.argmax(axis=1)
    first, best = place * size + inside, block[every, inside]
    block[every, inside] = highest[every, place] = -np.inf
    inside, other = block.argmax(axis=1), highest.argmax(axis=1)
    second = place * size + inside
    rival, outside = block[every, inside], highest[every, other]
    # Among equal values, nan included, the earlier one is the second maximum.
    earlier = other < place
    pair = np.where(earlier, (outside, rival), (rival, outside))
    ahead = (pair.argmax(axis=0) == 0) == earlier
    elsewhere = ahead.nonzero()[0]
    found = values[elsewhere, other[elsewhere]].argmax(axis=1)
    second[elsewhere] = other[elsewhere] * size + found
    return first, second, best


def _two_maxima_on_device(flat: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Do the same as :func:`two_maxima`, with PyTorch's operations alone."""
    highest, first = flat.max(dim=1)
    rest = flat.scatter(1, first[:, None], -torch.inf)
    second = rest.argmax(dim=1)
    return first.cpu().numpy(), second.cpu().numpy(), highest.cpu().numpy()


def _block_size(pixels: int) -> int:
    """Return the smallest divisor of a map's size that PyTorch reduces fast."""
    return next(s for s in range(min(_BLOCK, pixels), pixels + 1) if pixels % s == 0)


def windows(heatmaps: Tensor, places: np.ndarray, reach: int) -> np.ndarray:
    """Read the pixels around positions, with zeros beyond the border.

    Args:
        heatmaps (Tensor): (N, H, W), contiguous.
        places (np.ndarray): Integer positions, (N, 2).
        reach (int): Number of pixels to each side.

    Returns:
        np.ndarray: (N, 2 reach + 1, 2 reach + 1), rows first.
    """
    count, height, width = heatmaps.shape
    if heatmaps.device.type != 'cpu':
        return _gathered(heatmaps, np.arange(count), places, reach)
    corner, side = places - reach, 2 * reach + 1
    inside = ((corner >= 0) & (corner + side <= (width, height))).all(axis=1)
    if not inside.any():
        return _gathered(heatmaps, np.arange(count), places, reach)
    pixels = heatmaps.numpy().reshape(-1)
    start = (np.arange(count) * height + corner[:, 1]) * width + corner[:, 0]
    step = pixels.itemsize
    all_windows = np.lib.stride_tricks.as_strided(
        pixels,
        (pixels.size - (side - 1) * width - side + 1, side, side),
        (step, step * width, step),
        writeable=False,
    )
    patches = all_windows[np.where(inside, start, 0)]
    if not inside.all():
        edge = (~inside).nonzero()[0]
        patches[edge] = _gathered(heatmaps, edge, places[edge], reach)
    return patches


def _gathered(
    heatmaps: Tensor, maps: np.ndarray, places: np.ndarray, reach: int
) -> np.ndarray:
    """Read windows anywhere in the maps numbered ``maps``, pixel by pixel."""
    _, height, width = heatmaps.shape
    xs, ys = (places[:, i : i + 1] + np.arange(-reach, reach + 1) for i in (0, 1))
    index = (maps[:, None] * height + ys.clip(0, height - 1)) * width
    index = index[:, :, None] + xs.clip(0, width - 1)[:, None]
    patches = _taken(heatmaps, index)
    outside_x, outside_y = (xs < 0) | (xs >= width), (ys < 0) | (ys >= height)
    patches[outside_y[:, :, None] | outside_x[:, None]] = 0
    return patches


def _taken(heatmaps: Tensor, index: np.ndarray) -> np.ndarray:
    """Read values at positions in the flat maps; others are moved to its ends."""
    if heatmaps.device.type == 'cpu':
        return heatmaps.numpy().reshape(-1).take(index, mode='clip')
    inside = index.clip(0, heatmaps.numel() - 1)
    where = torch.from_numpy(inside).to(heatmaps.device)
    return heatmaps.flatten()[where].cpu().numpy()


def move_quarter(heatmaps: Tensor, places: np.ndarray) -> np.ndarray:
    """Move each maximum by a quarter pixel along each axis, towards higher values.

    It does the same as :func:`mmpose.codecs.utils.refine_keypoints`.

    Args:
        heatmaps (Tensor): (N, H, W), contiguous.
        places (np.ndarray): Integer positions of the maxima, (N, 2).

    Returns:
        np.ndarray: (N, 2), float32.
    """
    height, width = heatmaps.shape[1:]
    x, y = places.T
    # Beyond the border the values read are arbitrary, but no such step is taken.
    near = _pixels(heatmaps, places, (1, width, -1, -width))
    rise = near[:, :2] - near[:, 2:]
    rise[~((x > 1) & (x < width - 1) & (y > 0)), 0] = 0
    rise[~((y > 1) & (y < height - 1) & (x > 0)), 1] = 0
    step = np.sign(rise, out=rise)
    step *= 0.25
    return places.astype(np.float32) + step.astype(np.float32, copy=False)


def _pixels(heatmaps: Tensor, places: np.ndarray, steps: tuple) -> np.ndarray:
    """Read values at positions plus ``steps`` in the flat maps, (N, len(steps))."""
    count, height, width = heatmaps.shape
    index = (np.arange(count) * height + places[:, 1]) * width + places[:, 0]
    return _taken(heatmaps, index[:, None] + steps)


def _blurred(heatmaps: Tensor, places: np.ndarray, kernel: int, reach: int):
    """Return windows of the maps as :func:`mmpose.codecs.utils.gaussian_blur` blurs.

    The blur is computed only around the maxima; MMPose's rescaling by a factor for
    each map is left out.
    """
    patches = windows(heatmaps, places, reach + kernel // 2)
    size, side = 2 * reach + 1, patches.shape[1]
    # One matrix product for all maps and both directions.
    blurred = patches.reshape(-1, side * side) @ _blur(kernel, size).astype(
        patches.dtype, copy=False
    )
    return blurred.reshape(-1, size, size).astype(np.float64)


@lru_cache
def _blur(kernel: int, size: int) -> np.ndarray:
    """Return OpenCV's blur as a matrix from windows to ``size`` x ``size`` centers."""
    taps = cv2.getGaussianKernel(kernel, 0)[:, 0]
    band = np.zeros((size + kernel - 1, size))
    for column in range(size):
        band[column : column + kernel, column] = taps
    return np.kron(band, band).astype(np.float32)


def _newton(dx, dy, dxx, dxy, dyy) -> tuple[np.ndarray, np.ndarray]:
    """Return the step -H^-1 g, (N, 2), and whether it is safe from rounding errors."""
    with np.errstate(divide='ignore', invalid='ignore', over='ignore'):
        det = dxx * dyy - dxy**2
        step = np.stack((dxy * dy - dyy * dx, dxy * dx - dxx * dy), axis=1)
        step /= det[:, None]
        largest = np.abs((dxx, dxy, dyy)).max(axis=0) / np.abs(det)
        steady = largest * (1 + np.abs(step).max(axis=1)) < _MOST_SENSITIVE
    return step, steady


def refine_dark(heatmaps: Tensor, places: np.ndarray, kernel: int) -> np.ndarray:
    """Refine by DARK, like :func:`mmpose.codecs.utils.refine_keypoints_dark`.

    Args:
        heatmaps (Tensor): (N, H, W), contiguous.
        places (np.ndarray): Integer positions of the maxima, (N, 2).
        kernel (int): Size of the blur, odd.

    Returns:
        np.ndarray: (N, 2), float32, within 1e-4 pixels of MMPose's. Maps on which
        rounding could make a larger difference are refined by MMPose's function.
    """
    height, width = heatmaps.shape[1:]
    x, y = places.T
    inner = (x > 1) & (x < width - 2) & (y > 1) & (y < height - 2)
    window = _blurred(heatmaps, places, kernel, 2)
    clear = (window > 10 * _DARK_FLOOR).all(axis=(1, 2))
    log = np.log(np.maximum(window, _DARK_FLOOR))
    dx = 0.5 * (log[:, 2, 3] - log[:, 2, 1])
    dy = 0.5 * (log[:, 3, 2] - log[:, 1, 2])
    dxx = 0.25 * (log[:, 2, 4] - 2 * log[:, 2, 2] + log[:, 2, 0])
    dyy = 0.25 * (log[:, 4, 2] - 2 * log[:, 2, 2] + log[:, 0, 2])
    dxy = 0.25 * (log[:, 3, 3] - log[:, 1, 3] - log[:, 3, 1] + log[:, 1, 1])
    step, steady = _newton(dx, dy, dxx, dxy, dyy)
    points = places.astype(np.float32)
    done = inner & clear & steady
    points[done] += step[done].astype(np.float32)
    rest = (inner & ~done).nonzero()[0]
    return _by_mmpose(refine_keypoints_dark, heatmaps, points, rest, kernel)


def refine_dark_udp(
    heatmaps: Tensor, places: np.ndarray, kernel: int, joints: int
) -> np.ndarray:
    """Refine by UDP, like :func:`mmpose.codecs.utils.refine_keypoints_dark_udp`.

    Args:
        heatmaps (Tensor): (N, H, W), contiguous.
        places (np.ndarray): Integer positions of the maxima, (N, 2).
        kernel (int): Size of the blur, odd.
        joints (int): Number of maps of a person, K; N is a multiple of it.

    Returns:
        np.ndarray: As for :func:`refine_dark`.
    """
    height, width = heatmaps.shape[1:]
    x, y = places.T
    window = _blurred(heatmaps, places, kernel, 1)
    peak = _pixels(heatmaps, places, (0,))[:, 0]
    # MMPose's rescaled values lie between these and the map's maximum: if none of them
    # is near a limit, neither the limits nor the factor matter.
    clear = (window > 1.01 * _UDP_FLOOR).all(axis=(1, 2)) & (peak < 0.99 * _UDP_CEILING)
    # Beyond the border the logarithm is that of the border.
    clear &= (x > 0) & (x < width - 1) & (y > 0) & (y < height - 1)
    log = np.log(np.maximum(window, _UDP_FLOOR))
    middle, right, left = log[:, 1, 1], log[:, 1, 2], log[:, 1, 0]
    below, above = log[:, 2, 1], log[:, 0, 1]
    noise = float(np.finfo(np.float32).eps)
    corners = log[:, 2, 2] + log[:, 0, 0]
    step, steady = _newton(
        0.5 * (right - left),
        0.5 * (below - above),
        right - 2 * middle + left + noise,
        0.5 * (corners - right - below + 2 * middle - left - above),
        below - 2 * middle + above + noise,
    )
    points = places.astype(np.float32)
    done = clear & steady
    points[done] += step[done].astype(np.float32)
    # For a map without a maximum MMPose reads the map before it: all are needed.
    empty = (x < 0).reshape(-1, joints).any(axis=1).nonzero()[0]
    for sample in empty:
        whole = np.arange(sample * joints, (sample + 1) * joints)
        points[whole] = places[whole]
        _by_mmpose(refine_keypoints_dark_udp, heatmaps, points, whole, kernel)
        done[whole] = True
    rest = (~done).nonzero()[0]
    return _by_mmpose(refine_keypoints_dark_udp, heatmaps, points, rest, kernel)


def _by_mmpose(
    refine: Callable, heatmaps: Tensor, points: np.ndarray, rest: np.ndarray, kernel
) -> np.ndarray:
    """Refine the positions of the maps ``rest`` by MMPose's function, in place."""
    # It counts pixels over all maps in float32, which is exact up to 2^24.
    for start in range(0, len(rest), 256):
        part = rest[start : start + 256]
        maps = heatmaps[torch.from_numpy(part).to(heatmaps.device)].cpu().numpy()
        points[part] = refine(points[part][None], maps, kernel)[0]
    return points
