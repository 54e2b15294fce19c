"""Assignment of anchors and cells to people."""

from dataclasses import dataclass

import torch
from mmpose.registry import TASK_UTILS
from torch import Tensor

from ...utils.checks import check_numbers

# Steps in x and y to the cell itself and its left, upper, right and lower neighbor.
_STEPS = ((0, 0), (-1, 0), (0, -1), (1, 0), (0, 1))


@dataclass
class LevelAssignment:
    """The P positives of one level, each an index tensor of shape (P,), int64.

    Attributes:
        image (Tensor): Image in the batch.
        anchor (Tensor): Anchor of the level.
        row (Tensor): Cell's row.
        column (Tensor): Cell's column.
        instance (Tensor): Row of the boxes that were assigned.
    """

    image: Tensor
    anchor: Tensor
    row: Tensor
    column: Tensor
    instance: Tensor

    def __len__(self) -> int:
        return len(self.instance)


@TASK_UTILS.register_module()
class AnchorRatioAssigner:
    r"""Assign anchors and cells by shape and place, as in the published YOLO-Pose.

    Not in the paper. An anchor fits a box if each side is less than ``max_ratio``
    times the other's, :math:`\max(w/w_a, w_a/w, h/h_a, h_a/h) < 4`. On each level
    with a fitting anchor, the cell of the box's center becomes a positive, and also
    the nearest neighbors in x and in y, if they exist. So a person has up to 3
    positives for each fitting anchor, on any number of levels; one cell and anchor may
    be positive for two people. A center exactly on the line between two cells belongs
    to the right or lower one (the published code counts that one twice).

    Args:
        max_ratio (float): Upper bound of the ratio of sides. Default: 4.

    Raises:
        ConfigError: If ``max_ratio`` is not above 1.
    """

    def __init__(self, max_ratio: float = 4.0) -> None:
        check_numbers(self, above=1, max_ratio=max_ratio)
        self.max_ratio = max_ratio

    def assign(
        self,
        boxes: Tensor,
        images: Tensor,
        anchors: Tensor,
        stride: float,
        size: tuple[int, int],
    ) -> LevelAssignment:
        """Assign all boxes of a batch on one level.

        Args:
            boxes (Tensor): (N, 4), corners x1, y1, x2, y2 in input pixels. A box
                without area, or with a coordinate that is nan, fits no anchor.
            images (Tensor): (N,), the image index of each.
            anchors (Tensor): (A, 2), width and height in pixels.
            stride (float): Pixels per cell.
            size (tuple[int, int]): Rows and columns of the level.

        Returns:
            LevelAssignment: The positives; the boxes' own cells first.
        """
        instance, anchor = self._fit(boxes, anchors).nonzero().unbind(1)
        center = (boxes[:, :2] + boxes[:, 2:])[instance] / 2 / stride
        last = torch.tensor([size[1] - 1, size[0] - 1], device=boxes.device)
        own = torch.minimum(center.floor().long().clamp(min=0), last)
        within = center - own
        near = torch.cat(
            [
                torch.ones_like(own[:, :1], dtype=torch.bool),
                (within < 0.5) & (own > 0),
                (within > 0.5) & (own < last),
            ],
            dim=1,
        )
        step, chosen = near.t().nonzero().unbind(1)
        column, row = (own[chosen] + own.new_tensor(_STEPS)[step]).unbind(1)
        instance = instance[chosen]
        anchor = anchor[chosen]
        return LevelAssignment(images[instance], anchor, row, column, instance)

    def _fit(self, boxes: Tensor, anchors: Tensor) -> Tensor:
        """Check whether each box fits each anchor, (N, A) bool."""
        ratio = (boxes[:, None, 2:] - boxes[:, None, :2]) / anchors
        worst = torch.maximum(ratio, 1 / ratio).amax(dim=2)
        return (ratio > 0).all(dim=2) & (worst < self.max_ratio)
