"""The anchors of YOLO-Pose, and checks of other anchors."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ....utils.errors import ConfigError

# Width and height in pixels on P3 to P6, from the published YOLO-Pose at 960 px. The
# paper does not give anchors.
P6_ANCHORS = (
    ((19, 27), (44, 40), (38, 94)),
    ((96, 68), (86, 152), (180, 137)),
    ((140, 301), (303, 264), (238, 542)),
    ((436, 615), (739, 380), (925, 792)),
)


_SHAPE_FIX = 'give each level the same number of (width, height) pairs in pixels'


def check_anchors(
    owner: Any, anchors: Any, strides: Sequence[int], scale: float = 1.0
) -> Tensor:
    """Check the anchors of a config and scale them.

    Args:
        owner (str | type | object): The class whose argument they are.
        anchors (Any): Pairs (width, height) in pixels, the same number for each level.
        strides (Sequence[int]): Strides of the levels, from fine to coarse.
        scale (float): Factor on all widths and heights. Default: 1.

    Returns:
        Tensor: (levels, A, 2), float.

    Raises:
        ConfigError: If the shape is wrong, a side or the scale is not positive, or the
            anchors do not grow from level to level.
    """
    table = _as_table(owner, anchors)
    if len(table) != len(strides):
        raise ConfigError(
            owner,
            'anchors',
            table.tolist(),
            f'has {len(table)} levels, strides={tuple(strides)} has {len(strides)}',
            'give one row of anchors for each stride',
        )
    areas = table.prod(dim=2).mean(dim=1)
    if (areas.diff() <= 0).any() or list(strides) != sorted(set(strides)):
        raise ConfigError(
            owner,
            'anchors',
            table.tolist(),
            f'has mean areas {areas.tolist()} for strides={tuple(strides)}; both must '
            'grow from level to level, since fine maps find small people',
            'sort the levels from fine to coarse',
        )
    if not (isinstance(scale, int | float) and 0 < scale < math.inf):
        raise ConfigError(
            owner,
            'anchor_scale',
            scale,
            'is not a positive number',
            'give the input size divided by the input size of the anchors',
        )
    return (table.double() * scale).float()


def _as_table(owner: Any, anchors: Any) -> Tensor:
    """Return anchors as (levels, A, 2), float, with positive sides."""
    try:
        # On the CPU even if the network is built on another device, such as meta.
        table = torch.as_tensor(anchors, dtype=torch.float32, device='cpu')
    except (TypeError, ValueError, RuntimeError):
        raise ConfigError(
            owner, 'anchors', anchors, 'must be a table of numbers', _SHAPE_FIX
        ) from None
    if table.ndim != 3 or table.shape[2] != 2 or not table.shape[1]:
        raise ConfigError(
            owner,
            'anchors',
            anchors,
            f'has the shape {tuple(table.shape)}, not (levels, anchors, 2)',
            _SHAPE_FIX,
        )
    if not (table.isfinite() & (table > 0)).all():
        raise ConfigError(
            owner,
            'anchors',
            table.tolist(),
            'has a side that is not above 0',
            _SHAPE_FIX,
        )
    return table
