"""Decoding of heat maps to key points inside an exported graph.

This is :mod:`mmpose_ext_runtime.decoding`, which has no PyTorch, written with tensors:
each function decodes like the MMPose codec of that kind, with operations that ONNX has.
Positions are pixels (x, y) of the heat map until :class:`HeatmapDecoding` scales them.
"""

from collections.abc import Callable
from typing import Any

import cv2
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..codecs.second_max_heatmap import SHIFT

_EPSILON = float(torch.finfo(torch.float32).eps)


class HeatmapDecoding(nn.Module):
    """Decode heat maps.

    Args:
        codec (dict): See :class:`mmpose_ext_runtime.Manifest`.
        input_size (tuple[int, int]): Width and height of the crop.
        select (tuple[int, ...]): The key points to keep; () for all.
    """

    def __init__(
        self,
        codec: dict[str, Any],
        input_size: tuple[int, int],
        select: tuple[int, ...] = (),
    ) -> None:
        super().__init__()
        self.codec = codec
        size = torch.tensor(codec['heatmap_size'], dtype=torch.float32)
        if codec['name'].startswith('udp'):
            size = size - 1
        self.register_buffer('scale', torch.tensor(input_size) / size)
        chosen = torch.tensor(select, dtype=torch.int64) if select else None
        self.register_buffer('select', chosen)

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Decode heat maps.

        Args:
            maps (Tensor): The heat maps, (N, C, H, W).

        Returns:
            tuple[Tensor, Tensor]: Key points (N, K, 2) in pixels of the crop, and
            scores (N, K).
        """
        points, scores = DECODERS[self.codec['name']](maps, self.codec)
        if self.select is not None:
            points, scores = points[:, self.select], scores[:, self.select]
        return points * self.scale, scores


def _at(maps: Tensor, points: Tensor) -> Callable[[int, int], Tensor]:
    """Return the function (dx, dy) -> values (N, K) beside the given pixels."""
    height, width = maps.shape[-2:]
    flat, x, y = maps.flatten(2), points[..., 0].long(), points[..., 1].long()

    def value(dx: int, dy: int) -> Tensor:
        row, column = (y + dy).clamp(0, height - 1), (x + dx).clamp(0, width - 1)
        return flat.gather(2, (row * width + column)[..., None])[..., 0]

    return value


def _maxima(maps: Tensor) -> tuple[Tensor, Tensor]:
    """Return positions (N, K, 2), or (-1, -1) if no value is above 0; values (N, K)."""
    flat = maps.flatten(2)
    index = flat.argmax(2)
    scores = flat.gather(2, index[..., None])[..., 0]
    return torch.where(scores[..., None] > 0, _places(index, maps), -1.0), scores


def _places(index: Tensor, maps: Tensor) -> Tensor:
    """Return positions (N, K, 2) for indices (N, K) into the flat maps."""
    width = maps.shape[-1]
    row = torch.div(index, width, rounding_mode='floor')
    return torch.stack((index - row * width, row), -1).to(maps.dtype)


def _inside(
    points: Tensor, maps: Tensor, low: tuple[int, int], high: tuple[int, int]
) -> Tensor:
    """Return whether low < (x, y) < size - high, (N, K)."""
    x, y = points[..., 0], points[..., 1]
    height, width = maps.shape[-2:]
    columns = (x > low[0]) & (x < width - high[0])
    return columns & (y > low[1]) & (y < height - high[1])


def _quarter(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    points, scores = _maxima(maps)
    at = _at(maps, points)
    dx, dy = (at(1, 0) - at(-1, 0)).sign(), (at(0, 1) - at(0, -1)).sign()
    dx = torch.where(_inside(points, maps, (1, 0), (1, 0)), dx, 0.0)
    dy = torch.where(_inside(points, maps, (0, 1), (0, 1)), dy, 0.0)
    return points + 0.25 * torch.stack((dx, dy), -1), scores


def _second_max(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    points, scores = _maxima(maps)
    flat = maps.flatten(2)
    first = flat.argmax(2, keepdim=True)
    second = flat.scatter(2, first, -torch.inf).argmax(2)
    step = _places(second, maps) - points
    moved = points + SHIFT * step / step.norm(dim=-1, keepdim=True)
    return torch.where(scores[..., None] > 0, moved, -1.0), scores


def _gaussian(maps: Tensor, size: int, **padding: Any) -> Tensor:
    """Blur like OpenCV's ``GaussianBlur`` with this kernel size."""
    height, width = maps.shape[-2:]
    border = size // 2
    weights = torch.from_numpy(cv2.getGaussianKernel(size, 0)).to(maps).view(1, 1, -1)
    planes = F.pad(maps.reshape(-1, 1, height, width), (border,) * 4, **padding)
    planes = F.conv2d(planes, weights[..., None, :])
    planes = F.conv2d(planes, weights[..., None])
    return planes.reshape(-1, maps.shape[1], height, width)


def _blur_like_training(maps: Tensor, kernel: int) -> Tensor:
    blurred = _gaussian(maps, kernel)
    return blurred * (maps.amax((2, 3), True) / blurred.amax((2, 3), True))


def _newton(first: list[Tensor], second: list[Tensor], epsilon: float = 0.0) -> Tensor:
    """Return -H^-1 g, (N, K, 2); 0 where H cannot be inverted."""
    (dx, dy), (dxx, dxy, dyy) = first, second
    dxx, dyy = dxx + epsilon, dyy + epsilon
    determinant = dxx * dyy - dxy * dxy
    singular = determinant == 0
    step = torch.stack((dxy * dy - dyy * dx, dxy * dx - dxx * dy), -1)
    step = step / torch.where(singular, 1.0, determinant)[..., None]
    return torch.where(singular[..., None], 0.0, step)


def _dark(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    points, scores = _maxima(maps)
    at = _at(_blur_like_training(maps, codec['kernel']).clamp(min=1e-10).log(), points)
    first = [0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1))]
    second = [
        0.25 * (at(2, 0) - 2 * at(0, 0) + at(-2, 0)),
        0.25 * (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)),
        0.25 * (at(0, 2) - 2 * at(0, 0) + at(0, -2)),
    ]
    inside = _inside(points, maps, (1, 1), (2, 2))
    step = torch.where(inside[..., None], _newton(first, second), 0.0)
    return points + step, scores


def _udp(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    points, scores = _maxima(maps)
    at = _at(_blur_like_training(maps, codec['kernel']).clamp(1e-3, 50).log(), points)
    middle = at(0, 0)
    first = [0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1))]
    dxy = at(1, 1) - at(1, 0) - at(0, 1) + 2 * middle - at(-1, 0) - at(0, -1)
    second = [
        at(1, 0) - 2 * middle + at(-1, 0),
        0.5 * (dxy + at(-1, -1)),
        at(0, 1) - 2 * middle + at(0, -1),
    ]
    found = points + _newton(first, second, _EPSILON)
    return torch.where(scores[..., None] > 0, found, -1.0), scores


def _udp_offset(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    classes = _gaussian(maps[:, ::3], 2 * codec['kernel'] + 1, mode='reflect')
    points, scores = _maxima(classes)
    offsets = [_at(maps[:, axis::3], points)(0, 0) for axis in (1, 2)]
    radius = codec['radius_factor'] * max(maps.shape[-2:])
    return points + torch.stack(offsets, -1) * radius, scores


def _megvii(maps: Tensor, codec: dict[str, Any]) -> tuple[Tensor, Tensor]:
    maps = _blur_like_training(maps, codec['kernel'])
    points, scores = _maxima(maps)
    at = _at(maps, points)
    sign = torch.stack((at(1, 0) - at(-1, 0), at(0, 1) - at(0, -1)), -1).sign()
    inside = _inside(points, maps, (1, 1), (1, 1))
    step = torch.where(inside[..., None], 0.25 * sign + 0.5, 0.0)
    return points + step, scores / 255 + 0.5


#: Decoders by name, as in :data:`mmpose_ext_runtime.decoding.DECODERS`.
DECODERS: dict[str, Callable[[Tensor, dict[str, Any]], tuple[Tensor, Tensor]]] = {
    'quarter': _quarter,
    'second_max': _second_max,
    'dark': _dark,
    'udp': _udp,
    'udp_offset': _udp_offset,
    'megvii': _megvii,
}
