"""Key points averaged over the overlapping predictions of a person.

The key-point counterpart of box voting (Gidaris and Komodakis, "Object detection via a
multi-region & semantic segmentation-aware CNN model", ICCV 2015). It is not part of
LRFG-YOLOPose or YOLO-Pose.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torchvision.ops import box_iou


class Voters(NamedTuple):
    """Which predictions vote for which person.

    Attributes:
        person (Tensor): (V,), index of the person.
        prediction (Tensor): (V,), index of the prediction.
        share (Tensor): (V,), the shares of a person's voters add up to 1.
    """

    person: Tensor
    prediction: Tensor
    share: Tensor

    def average(self, values: Tensor, count: int) -> Tensor:
        """Return the weighted means of the voters' values.

        Args:
            values (Tensor): (V, ...), one for each voter.
            count (int): Number of people, n.

        Returns:
            Tensor: (n, ...).
        """
        share = self.share.reshape(-1, *[1] * (values.dim() - 1))
        means = values.new_zeros(count, *values.shape[1:])
        return means.index_add_(0, self.person, values * share)


def find_voters(
    boxes: Tensor, scores: Tensor, kept: Tensor, threshold: float
) -> Voters:
    """Let each prediction vote for the people whose boxes it overlaps.

    A vote's weight is the prediction's score. A person always votes for itself.

    Args:
        boxes (Tensor): (N, 4), corners, of all predictions.
        scores (Tensor): (N,), positive.
        kept (Tensor): (n,), indices of the people that the suppression left.
        threshold (float): Least IoU of a vote.

    Returns:
        Voters: At least one vote for each person.
    """
    overlap = box_iou(boxes[kept], boxes) >= threshold
    # A box without an area overlaps nothing, not even itself.
    overlap[torch.arange(len(kept), device=kept.device), kept] = True
    person, prediction = overlap.nonzero(as_tuple=True)
    weight = scores[prediction]
    total = weight.new_zeros(len(kept)).index_add_(0, person, weight)
    return Voters(person, prediction, weight / total[person])
