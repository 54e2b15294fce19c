"""Non-maximum suppression as one operation of an ONNX graph."""

from typing import Any

import torch
from torch import Tensor, nn
from torchvision.ops import nms


class _NonMaxSuppression(torch.autograd.Function):
    """ONNX's ``NonMaxSuppression`` for a batch; torchvision's is for one image."""

    @staticmethod
    def forward(
        ctx: Any,
        boxes: Tensor,
        scores: Tensor,
        limit: int,
        iou_threshold: float,
        score_threshold: float,
    ) -> Tensor:
        """Return rows of image, class (0) and index, best first in each image."""
        rows = []
        for image, (box, score) in enumerate(zip(boxes, scores[:, 0], strict=True)):
            places = (score > score_threshold).nonzero()[:, 0]
            places = places[nms(box[places], score[places], iou_threshold)][:limit]
            zero = torch.zeros_like(places)
            rows.append(torch.stack((zero + image, zero, places), 1))
        return torch.cat(rows)

    @staticmethod
    def symbolic(
        g: Any,
        boxes: Any,
        scores: Any,
        limit: int,
        iou_threshold: float,
        score_threshold: float,
    ) -> Any:
        """Return the operation in ONNX."""
        constants = (
            torch.tensor([limit]),
            torch.tensor([iou_threshold], dtype=torch.float32),
            torch.tensor([score_threshold], dtype=torch.float32),
        )
        values = [g.op('Constant', value_t=value) for value in constants]
        return g.op('NonMaxSuppression', boxes, scores, *values)


class Suppression(nn.Module):
    """Keep the best of overlapping people, for a batch of any size.

    Args:
        manifest (Manifest): Gives ``score_thr``, ``nms_thr`` and ``max_people``.
    """

    def __init__(self, manifest: Any) -> None:
        super().__init__()
        self.limit = manifest.max_people or 2**31 - 1
        self.iou_threshold = float(manifest.nms_thr)
        self.score_threshold = float(manifest.score_thr)

    def forward(self, dense: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Select the people of all images.

        Args:
            dense (tuple[Tensor, ...]): Boxes (N, M, 4), scores (N, M), key points
                (N, M, K, 2) and their scores (N, M, K).

        Returns:
            tuple[Tensor, ...]: For the D remaining people, the index of the image (D,),
            boxes (D, 4), scores (D,), key points (D, K, 2) and their scores (D, K).
        """
        boxes, scores = dense[:2]
        rows = _NonMaxSuppression.apply(
            boxes,
            scores[:, None],
            self.limit,
            self.iou_threshold,
            self.score_threshold,
        )
        image, place = rows[:, 0], rows[:, 2]
        return (image, *(part[image, place] for part in dense))
