"""Selection of the people in an image from all predictions."""

from dataclasses import dataclass
from typing import Any

import torch
from mmengine.structures import InstanceData
from torch import Tensor
from torchvision.ops import nms

from ....utils import ConfigError, choose_from
from .coder import decode_boxes, decode_keypoints
from .layout import BOX_SIZE
from .voting import find_voters

# Number of boxes that suppression considers first; more only if they do not suffice.
_FIRST_LOOK = 1000

# Settings of `detect` with their valid values.
_SETTINGS = {
    'score_thr': ('a number from 0 to 1', lambda value: 0 <= value <= 1),
    'nms_thr': ('a number from 0 to 1', lambda value: 0 <= value <= 1),
    'max_per_img': ('a positive integer', lambda value: value in range(1, 2**31)),
    'vote_thr': ('a number above 0, up to 1', lambda value: 0 < value <= 1),
}


def read_settings(owner: Any, test_cfg: dict[str, Any] | None) -> dict[str, Any]:
    """Return the settings of :func:`detect` in a config's ``test_cfg``.

    Args:
        owner (str | type | object): The class whose ``test_cfg`` it is.
        test_cfg (dict, optional): Settings by name.

    Raises:
        ConfigError: If ``flip_test`` or ``multiscale_test`` is set, or another setting
            is unknown or out of range.
    """
    settings = dict(test_cfg or {})
    for name in ('flip_test', 'multiscale_test'):
        if settings.pop(name, False):
            raise ConfigError(
                owner,
                f'test_cfg.{name}',
                True,
                'is not supported',
                'leave it out, as the published YOLO-Pose does',
            )
    for name, value in settings.items():
        if name not in _SETTINGS:
            raise ConfigError(
                owner,
                f'test_cfg.{name}',
                value,
                'is an unknown setting',
                choose_from(_SETTINGS, name),
            )
        meaning, fits = _SETTINGS[name]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (number and fits(value)):
            raise ConfigError(
                owner, f'test_cfg.{name}', value, 'is out of range', f'give {meaning}'
            )
    return settings


def first_kept(
    boxes: Tensor, scores: Tensor, iou_threshold: float, limit: int
) -> Tensor:
    """Select the best boxes with non-maximum suppression.

    Whether a box is kept depends only on boxes of higher score, so suppressing just
    the best n gives the same first boxes as suppressing all. The result is that of
    ``nms(...)[:limit]``, usually without processing the long tail that a confidence
    threshold of 0.001 leaves.

    Args:
        boxes (Tensor): (N, 4), corners.
        scores (Tensor): (N,).
        iou_threshold (float): Boxes with a larger IoU with a better one are removed.
        limit (int): Maximum number of boxes to keep.

    Returns:
        Tensor: Indices, best first, int64.
    """
    order = scores.argsort(descending=True, stable=True)
    look = max(_FIRST_LOOK, limit)
    while True:
        best = order[:look]
        kept = nms(boxes[best], scores[best], iou_threshold)
        if len(kept) >= limit or look >= len(order):
            return best[kept[:limit]]
        look *= 4


@dataclass
class LevelPredictions:
    """Raw predictions of one level for one image.

    Attributes:
        box (Tensor): (A, 6, H, W), logits.
        kpt (Tensor): (A, K, 3, H, W), raw x and y, logit of the visibility.
        anchors (Tensor): (A, 2) in pixels.
        stride (int): Pixels per cell.
    """

    box: Tensor
    kpt: Tensor
    anchors: Tensor
    stride: int

    def candidates(self, threshold: float) -> tuple[Tensor, Tensor, Tensor]:
        """Find predictions with objectness times class probability above a threshold.

        Args:
            threshold (float): Threshold in [0, 1].

        Returns:
            tuple[Tensor, Tensor, Tensor]: Boxes (n, 4) in pixels, scores (n,) and
            places (n,), the flat index of anchor, row and column.
        """
        score = (self.box[:, 4].sigmoid() * self.box[:, 5].sigmoid()).flatten()
        places = (score > threshold).nonzero()[:, 0]
        anchor, row, column = self._unravel(places)
        raw = self.box[anchor, :, row, column]
        cells = torch.stack([column, row], dim=1)
        boxes = decode_boxes(raw[:, :4], cells, self.stride, self.anchors[anchor])
        return boxes, score[places], places

    def keypoints(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Decode key points (n, K, 2) in pixels and visibility (n, K) at places."""
        anchor, row, column = self._unravel(places)
        raw = self.kpt[anchor, :, :, row, column]
        cells = torch.stack([column, row], dim=1)
        points = decode_keypoints(raw[..., :2], cells, self.stride)
        return points, raw[..., 2].sigmoid()

    def _unravel(self, places: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        height, width = self.box.shape[-2:]
        cell = places % (height * width)
        return places // (height * width), cell // width, cell % width


def split_levels(
    box_preds: list[Tensor], kpt_preds: list[Tensor], anchors: Tensor, strides: tuple
) -> list[list[LevelPredictions]]:
    """Split a head module's output by image.

    Args:
        box_preds (list[Tensor]): (B, A*6, H_l, W_l) for each level.
        kpt_preds (list[Tensor]): (B, A*3K, H_l, W_l) for each level.
        anchors (Tensor): (levels, A, 2).
        strides (tuple): Strides of the levels.

    Returns:
        list[list[LevelPredictions]]: The levels of each image.
    """
    count = anchors.shape[1]
    levels = []
    for box, kpt in zip(box_preds, kpt_preds, strict=True):
        box = box.float().unflatten(1, (count, BOX_SIZE))
        levels.append((box, kpt.float().unflatten(1, (count, -1, 3))))
    return [
        [
            LevelPredictions(box[image], kpt[image], level_anchors, stride)
            for (box, kpt), level_anchors, stride in zip(
                levels, anchors, strides, strict=True
            )
        ]
        for image in range(len(box_preds[0]))
    ]


def detect(
    levels: list[LevelPredictions],
    score_thr: float = 0.001,
    nms_thr: float = 0.65,
    max_per_img: int = 300,
    vote_thr: float = 1.0,
) -> InstanceData:
    """Find the people of one image.

    Key points are decoded after the suppression, only for the remaining people and
    the predictions that vote for them.

    Args:
        levels (list[LevelPredictions]): The image's raw predictions.
        score_thr (float): Threshold that a person's score must exceed.
        nms_thr (float): IoU above which the weaker of two boxes is removed.
        max_per_img (int): Maximum number of people.
        vote_thr (float): Least IoU with which a prediction takes part in the average
            of a person's key points, see :mod:`.voting`. Default: 1, no average, as in
            the papers.

    Returns:
        InstanceData: ``bboxes`` (n, 4), ``bbox_scores`` and ``scores`` (n,),
        ``labels`` (n,) of 0, ``keypoints`` (n, K, 2), ``keypoint_scores`` and
        ``keypoints_visible`` (n, K): tensors in input pixels, best first.
    """
    found = [level.candidates(score_thr) for level in levels]
    boxes, scores, places = (torch.cat(parts) for parts in zip(*found, strict=True))
    owner = torch.cat(
        [torch.full_like(place, i) for i, (*_, place) in enumerate(found)]
    )
    kept = first_kept(boxes, scores, nms_thr, max_per_img)
    if vote_thr < 1:
        voters = find_voters(boxes, scores, kept, vote_thr)
        points, visible = (
            voters.average(values, len(kept))
            for values in _keypoints_of(levels, owner, places, voters.prediction)
        )
    else:
        points, visible = _keypoints_of(levels, owner, places, kept)
    return InstanceData(
        bboxes=boxes[kept],
        bbox_scores=scores[kept],
        scores=scores[kept],
        labels=torch.zeros_like(kept),
        keypoints=points,
        keypoint_scores=visible,
        keypoints_visible=visible,
    )


def _keypoints_of(
    levels: list[LevelPredictions], owner: Tensor, places: Tensor, chosen: Tensor
) -> tuple[Tensor, Tensor]:
    """Decode key points (n, K, 2) and visibility (n, K) of chosen predictions."""
    places, owner = places[chosen], owner[chosen]
    num_keypoints = levels[0].kpt.shape[1]
    points = levels[0].kpt.new_zeros(len(chosen), num_keypoints, 2)
    visible = points.new_zeros(len(chosen), num_keypoints)
    for index, level in enumerate(levels):
        mine = owner == index
        points[mine], visible[mine] = level.keypoints(places[mine])
    return points, visible
