"""Decoding of the head's raw outputs to boxes and key points in input pixels.

Not in the paper, which builds on the published YOLO-Pose (arXiv:2204.06806).
With s = sigmoid, cell = (column, row) of a prediction and its level's stride::

    box center = (2 s(t) - 0.5 + cell) * stride
    box size   = (2 s(t))^2 * anchor
    key point  = (2 t - 0.5 + cell) * stride

So a center can lie up to half a cell outside its cell, and a side can be up to 4 times
the anchor's. Key points, which may be far from the center, are not bounded.
"""

import torch
from torch import Tensor


def decode_boxes(raw: Tensor, cells: Tensor, stride: float, anchors: Tensor) -> Tensor:
    """Decode boxes.

    Args:
        raw (Tensor): (..., N, 4), the box branch's x, y, w, h before the sigmoid.
        cells (Tensor): (N, 2), column and row.
        stride (float): Pixels per cell.
        anchors (Tensor): (N, 2) or (2,), width and height in pixels.

    Returns:
        Tensor: (..., N, 4), corners x1, y1, x2, y2 in input pixels.
    """
    share = 2 * raw.sigmoid()
    center = (share[..., :2] - 0.5 + cells) * stride
    half = share[..., 2:].square() * anchors / 2
    return torch.cat([center - half, center + half], dim=-1)


def decode_keypoints(raw: Tensor, cells: Tensor, stride: float) -> Tensor:
    """Decode key points.

    Args:
        raw (Tensor): (..., N, K, 2), the key-point branch's x, y.
        cells (Tensor): (N, 2), column and row.
        stride (float): Pixels per cell.

    Returns:
        Tensor: (..., N, K, 2), x and y in input pixels.
    """
    return (2 * raw - 0.5 + cells[:, None]) * stride
