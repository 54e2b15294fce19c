"""Assignment of a YOLO-Pose head's channels to anchors, boxes and key points."""

from collections.abc import Callable

import torch
from torch import Tensor

# x, y, w, h, objectness, class.
BOX_SIZE = 6


def keep_split(box: Tensor, kpt: Tensor, num_anchors: int) -> tuple[Tensor, Tensor]:
    """Return both tensors, since each branch has its own channels.

    Args:
        box (Tensor): (N, A*6, H, W).
        kpt (Tensor): (N, A*3K, H, W).
        num_anchors (int): A.

    Returns:
        tuple[Tensor, Tensor]: ``box`` and ``kpt``.
    """
    return box, kpt


def split_joint(box: Tensor, kpt: Tensor, num_anchors: int) -> tuple[Tensor, Tensor]:
    """View both branches' channels as A x (6 + 3K), as in the published YOLO-Pose.

    With 3 anchors and 17 key points, 18 + 153 channels become 3 x 57. Channels 0-5 of
    the box branch are the first anchor's box, and the others belong to its key points;
    the boxes of the other anchors are channels of the key-point branch.

    Args:
        box (Tensor): (N, A*6, H, W).
        kpt (Tensor): (N, A*3K, H, W).
        num_anchors (int): A.

    Returns:
        tuple[Tensor, Tensor]: Boxes (N, A*6, H, W) and key points (N, A*3K, H, W).
    """
    joint = torch.cat((box, kpt), dim=1).unflatten(1, (num_anchors, -1))
    return (
        joint[:, :, :BOX_SIZE].flatten(1, 2),
        joint[:, :, BOX_SIZE:].flatten(1, 2),
    )


LAYOUTS: dict[str, Callable[[Tensor, Tensor, int], tuple[Tensor, Tensor]]] = {
    'split': keep_split,
    'joint': split_joint,
}
