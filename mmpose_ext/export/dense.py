"""Decoding of all predictions of a one-stage head, of all its levels together.

The results are boxes (N, M, 4), scores (N, M), key points (N, M, K, 2) and their
scores (N, M, K), in pixels of the input.
"""

import torch
from torch import Tensor, nn

from ..models.heads.yolopose.coder import decode_boxes, decode_keypoints
from ..models.heads.yolopose.layout import BOX_SIZE


class YOLOPoseDense(nn.Module):
    """Predictions of :class:`~mmpose_ext.models.YOLOPoseHead`.

    Args:
        head (nn.Module): The head.
    """

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.strides, self.keypoints = head.strides, head.num_keypoints
        self.register_buffer('anchors', head.anchors)

    def forward(self, outputs: tuple[list[Tensor], list[Tensor]]) -> tuple[Tensor, ...]:
        """Decode what the head's ``forward`` returns."""
        levels = [
            self._level(box.float(), kpt.float(), anchors, stride)
            for box, kpt, anchors, stride in zip(
                *outputs, self.anchors, self.strides, strict=True
            )
        ]
        return tuple(torch.cat(parts, 1) for parts in zip(*levels, strict=True))

    def _level(
        self, box: Tensor, kpt: Tensor, anchors: Tensor, stride: int
    ) -> tuple[Tensor, ...]:
        """Decode one level, in the order of anchor, row and column."""
        height, width = box.shape[-2:]
        rows, columns = torch.meshgrid(
            torch.arange(height), torch.arange(width), indexing='ij'
        )
        cells = torch.stack((columns, rows), -1).flatten(0, 1)
        cells = cells.repeat(len(anchors), 1).to(box)
        sizes = anchors.repeat_interleave(height * width, 0)
        # (N, A * C, H, W) -> (N, A * H * W, C)
        box = box.unflatten(1, (len(anchors), BOX_SIZE))
        box = box.permute(0, 1, 3, 4, 2).flatten(1, 3)
        kpt = kpt.unflatten(1, (len(anchors), self.keypoints * 3))
        kpt = kpt.permute(0, 1, 3, 4, 2).flatten(1, 3)
        kpt = kpt.unflatten(2, (self.keypoints, 3))
        return (
            decode_boxes(box[..., :4], cells, stride, sizes),
            box[..., 4].sigmoid() * box[..., 5].sigmoid(),
            decode_keypoints(kpt[..., :2], cells, stride),
            kpt[..., 2].sigmoid(),
        )


class YOLOXPoseDense(nn.Module):
    """Predictions of MMPose's ``YOLOXPoseHead``, decoded by the head itself.

    Args:
        head (nn.Module): The head.
    """

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        # Not registered as a module: the network has its weights already.
        self.__dict__['head'] = head

    def forward(self, outputs: tuple[list[Tensor], ...]) -> tuple[Tensor, ...]:
        """Decode what the head's ``forward`` returns."""
        head = self.head
        maps = [level.shape[2:] for level in outputs[0]]
        places = head.prior_generator.grid_priors(
            maps, dtype=torch.float32, device=outputs[0][0].device
        )
        strides = torch.cat(
            [
                own.new_full((len(own),), stride)
                for own, stride in zip(places, head.featmap_strides, strict=True)
            ]
        )
        cls, objectness, boxes, offsets, visible = (
            head._flatten_predictions([level.float() for level in levels])
            for levels in outputs
        )
        priors = torch.cat(places)
        return (
            head.decode_bbox(boxes, priors, strides),
            cls.sigmoid().amax(2) * objectness.sigmoid()[..., 0],
            head.decode_kpt_reg(offsets, priors, strides),
            visible.sigmoid(),
        )
