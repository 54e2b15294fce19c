"""Loss and prediction of YOLO-Pose and LRFG-YOLOPose.

Paper: "Research on Human Pose Estimation Model Based on Long-Range Fine-Grained
Modeling", which takes loss, assignment and decoding from its baseline: "YOLO-Pose:
Enhancing YOLO for Multi Person Pose Estimation Using Object Keypoint Similarity
Loss", https://arxiv.org/abs/2204.06806, and the code published with it.
"""

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.dist import get_world_size
from mmengine.structures import InstanceData
from mmpose.models.heads.base_head import BaseHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ....utils import ConfigError
from ....utils.checks import check_number_lists, check_positive_int_lists
from ...losses.ciou_loss import complete_iou
from ...task_modules.anchor_assigner import LevelAssignment
from ...utils.build import build_part, subclass_of
from ...utils.layer_configs import check_layer_configs
from .anchors import P6_ANCHORS, check_anchors
from .coder import decode_boxes, decode_keypoints
from .head_module import YOLOPoseHeadModule
from .layout import BOX_SIZE
from .parts import build_assigner, build_loss, check_sigmas
from .postprocess import detect, read_settings, split_levels
from .targets import BatchTargets, collect_targets

# Setting for which the gains were tuned, and from which they are scaled: 3 levels,
# 640 x 640 pixels and COCO's 80 classes.
_LEVELS, _AREA, _CLASSES = 3, 640 * 640, 80


@MODELS.register_module()
class YOLOPoseHead(BaseHead):
    r"""Anchor-based one-stage head: box, objectness and key points of each person.

    The losses are summed over the levels l, with the gains of the published YOLO-Pose
    scaled to the number of levels :math:`n` and the input's area:

    =============== ======================================== ===================
    part            value                                    factor
    =============== ======================================== ===================
    ``loss_bbox``   mean of 1 - CIoU over positives           .05 * 3/n
    ``loss_obj``    BCE of all predictions against CIoU,      1 * 3/n * area/640²
                    at least 0; times ``level_balance``
    ``loss_kpt``    OKS loss over visible joints              .10
    ``loss_vis``    BCE of the visibility over positives      .5 * 3/n / 80
    =============== ======================================== ===================

    The class has no loss, since there is only one. All parts are multiplied by the
    batch size and by the number of processes (which average the gradients); without
    this, a learning rate of .01 would not be the published one. A level without
    positives contributes only its objectness loss.

    Args:
        head_module (dict): Config of the layers, :class:`.YOLOPoseHeadModule`.
        num_keypoints (int): Number of key points K. Default: 17.
        anchors (Sequence): Pairs (width, height) in pixels for each level. Default:
            :data:`.P6_ANCHORS`, for 960 px.
        anchor_scale (float): Factor on all anchors, such as 640 / 960 to use the
            published ones at 640 px. Not in the paper. Default: 1.
        strides (Sequence[int]): Strides of the levels. Default: (8, 16, 32, 64).
        level_balance (Sequence[float]): Weight of each level's objectness. Default:
            (4, 1, .25, .06).
        assigner (dict, optional): Config of the assigner. Default:
            :class:`.AnchorRatioAssigner`.
        loss_bbox (dict, optional): Config of the box loss. Default:
            :class:`.CIoULoss` with weight .05.
        loss_kpt (dict, optional): Config of the key-point loss. Default:
            :class:`.MicroOKSLoss` with weight .1 and COCO's sigmas.
        loss_obj (dict, optional): Config of the objectness loss. Default: MMPose's
            ``BCELoss`` with weight 1.
        loss_vis (dict, optional): Config of the visibility loss. Default: MMPose's
            ``BCELoss`` with weight .5.
        init_cfg (dict | list, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If anchors, their scale, strides and balance do not fit together.

    Example:
        >>> import torch
        >>> head = YOLOPoseHead(
        ...     dict(type='YOLOPoseHeadModule', in_channels=(8, 16)),
        ...     anchors=P6_ANCHORS[:2], strides=(8, 16), level_balance=(4.0, 1.0),
        ... )
        >>> boxes, joints = head((torch.rand(1, 8, 4, 4), torch.rand(1, 16, 2, 2)))
        >>> [tuple(x.shape) for x in boxes]  # 3 anchors of 4 sides, score and class
        [(1, 18, 4, 4), (1, 18, 2, 2)]
        >>> [tuple(x.shape) for x in joints]  # 3 anchors of 17 joints
        [(1, 153, 4, 4), (1, 153, 2, 2)]
    """

    def __init__(
        self,
        head_module: dict,
        num_keypoints: int = 17,
        anchors: Sequence = P6_ANCHORS,
        anchor_scale: float = 1.0,
        strides: Sequence[int] = (8, 16, 32, 64),
        level_balance: Sequence[float] = (4.0, 1.0, 0.25, 0.06),
        assigner: dict | None = None,
        loss_bbox: dict | None = None,
        loss_kpt: dict | None = None,
        loss_obj: dict | None = None,
        loss_vis: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_layer_configs(self, init_cfg=init_cfg)
        self._check_levels(strides, level_balance)
        self.num_keypoints = num_keypoints
        self.strides = tuple(strides)
        self.level_balance = tuple(level_balance)
        table = check_anchors(self, anchors, self.strides, anchor_scale)
        self.register_buffer('anchors', table, persistent=False)
        self.head_module = build_part(
            head_module,
            dict(
                num_anchors=table.shape[1],
                num_keypoints=num_keypoints,
                strides=self.strides,
            ),
            self,
            'head_module',
            suggest=subclass_of(YOLOPoseHeadModule),
        )
        self.assigner = build_assigner(self, assigner)
        self.loss_bbox = build_loss(self, 'loss_bbox', loss_bbox)
        self.loss_kpt = build_loss(self, 'loss_kpt', loss_kpt)
        self.loss_obj = build_loss(self, 'loss_obj', loss_obj)
        self.loss_vis = build_loss(self, 'loss_vis', loss_vis)
        check_sigmas(self, self.loss_kpt, num_keypoints)
        self._test_cfg: Any = None

    @property
    def test_cfg(self) -> Any:
        """Settings of the test, which MMPose's estimator sets when it is built.

        Raises:
            ConfigError: As for :meth:`predict`, but before a training starts.
        """
        return self._test_cfg

    @test_cfg.setter
    def test_cfg(self, settings: Any) -> None:
        read_settings(self, settings)
        self._test_cfg = settings

    def _check_levels(self, strides: Any, level_balance: Any) -> None:
        """Raise unless there is one weight for each stride."""
        check_positive_int_lists(self, strides=strides)
        check_number_lists(self, least=0, level_balance=level_balance)
        if len(level_balance) != len(strides):
            raise ConfigError(
                self,
                'level_balance',
                tuple(level_balance),
                f'differs in length from strides={tuple(strides)}',
                'give one weight for each stride',
            )

    def forward(self, feats: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return the raw predictions of every level.

        Args:
            feats (Sequence[Tensor]): (B, C_l, H_l, W_l).

        Returns:
            tuple: Boxes (B, A*6, H_l, W_l) and key points (B, A*3K, H_l, W_l).
        """
        return self.head_module(feats)

    def loss(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: list[PoseDataSample],
        train_cfg: Any = None,
    ) -> dict[str, Tensor]:
        """Compute the loss of a batch.

        Args:
            feats (Sequence[Tensor]): (B, C_l, H_l, W_l).
            batch_data_samples (list[PoseDataSample]): B samples with
                ``gt_instance_labels``: ``bboxes``, ``keypoints`` and
                ``keypoints_visible`` in input pixels.
            train_cfg (Any): Not used.

        Returns:
            dict[str, Tensor]: The four parts, scalars.
        """
        box_preds, kpt_preds = self(feats)
        targets = collect_targets(batch_data_samples, box_preds[0], self.num_keypoints)
        levels = [
            self._level_loss(index, box.float(), kpt.float(), targets)
            for index, (box, kpt) in enumerate(zip(box_preds, kpt_preds, strict=True))
        ]
        area = box_preds[0].shape[2] * box_preds[0].shape[3] * self.strides[0] ** 2
        share = _LEVELS / len(levels)
        total = len(batch_data_samples) * get_world_size()
        factors = dict(
            loss_bbox=share,
            loss_obj=share * area / _AREA,
            loss_kpt=1.0,
            loss_vis=share / _CLASSES,
        )
        return {
            name: total * factor * sum(level[name] for level in levels)
            for name, factor in factors.items()
        }

    def _level_loss(
        self, index: int, box: Tensor, kpt: Tensor, targets: BatchTargets
    ) -> dict[str, Tensor]:
        """Compute the four parts on one level, before the scaling of the gains."""
        anchors, stride = self.anchors[index], self.strides[index]
        box = box.unflatten(1, (len(anchors), BOX_SIZE))
        kpt = kpt.unflatten(1, (len(anchors), self.num_keypoints, 3))
        found: LevelAssignment = self.assigner.assign(
            targets.boxes, targets.images, anchors, stride, box.shape[-2:]
        )
        # Contiguous in any memory format of the maps, since it is filled as a flat
        # array.
        objectness = box.new_zeros(box[:, :, 4].shape)
        raw_box = box[found.image, found.anchor, :, found.row, found.column]
        raw_kpt = kpt[found.image, found.anchor, :, :, found.row, found.column]
        # An empty sum is 0 and part of the graph; an empty mean would be nan.
        losses = dict(
            loss_bbox=raw_box.sum(), loss_kpt=raw_kpt.sum(), loss_vis=raw_kpt.sum()
        )
        if len(found):
            cells = torch.stack([found.column, found.row], dim=1)
            boxes = decode_boxes(raw_box[:, :4], cells, stride, anchors[found.anchor])
            iou = complete_iou(boxes.detach(), targets.boxes[found.instance])
            # If one cell and anchor match two people, the better fit counts.
            objectness.view(-1).scatter_reduce_(
                0, _ravel(found, objectness.shape), iou.clamp(min=0), 'amax'
            )
            points = decode_keypoints(raw_kpt[..., :2], cells, stride)
            losses = self._positive_losses(
                boxes, points, raw_kpt[..., 2], targets, found.instance
            )
        losses['loss_obj'] = self.level_balance[index] * self.loss_obj(
            box[:, :, 4], objectness
        )
        return losses

    def _positive_losses(
        self,
        boxes: Tensor,
        points: Tensor,
        visibility: Tensor,
        targets: BatchTargets,
        instance: Tensor,
    ) -> dict[str, Tensor]:
        """Compute the parts that need positives, from P decoded predictions."""
        true, visible = targets.boxes[instance], targets.visible[instance]
        areas = (true[:, 2:] - true[:, :2]).prod(dim=1)
        return dict(
            loss_bbox=self.loss_bbox(boxes, true),
            loss_kpt=self.loss_kpt(points, targets.keypoints[instance], visible, areas),
            loss_vis=self.loss_vis(visibility, visible),
        )

    def predict(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: list[PoseDataSample],
        test_cfg: Any = None,
    ) -> list[InstanceData]:
        """Predict the people of each image.

        Args:
            feats (Sequence[Tensor]): (B, C_l, H_l, W_l).
            batch_data_samples (list[PoseDataSample]): B samples with the metainfo
                ``input_size``, [w, h].
            test_cfg (Any): ``score_thr``, ``nms_thr``, ``max_per_img`` and
                ``vote_thr``, see :func:`.postprocess.detect`. Of MMPose's settings,
                only ``flip_test=False`` is allowed.

        Returns:
            list[InstanceData]: Arrays in input pixels for each image; the estimator
            maps them to the image. Boxes are clipped to the input, key points are
            not. An image without people has arrays of length 0.

        Raises:
            ConfigError: If ``flip_test`` or ``multiscale_test`` is set, or another
                setting is unknown or out of range.
        """
        cfg = read_settings(self, test_cfg)
        box_preds, kpt_preds = self(feats)
        results = []
        for levels, sample in zip(
            split_levels(box_preds, kpt_preds, self.anchors, self.strides),
            batch_data_samples,
            strict=True,
        ):
            people = detect(levels, **cfg)
            width, height = sample.metainfo['input_size']
            people.bboxes[:, 0::2].clamp_(0, float(width))
            people.bboxes[:, 1::2].clamp_(0, float(height))
            results.append(people.numpy())
        return results


def _ravel(found: LevelAssignment, shape: torch.Size) -> Tensor:
    """Compute flat indices of positives in a tensor of shape (B, A, H, W)."""
    _, anchors, height, width = shape
    flat = found.image * anchors + found.anchor
    return (flat * height + found.row) * width + found.column
