"""The layers of the YOLO-Pose head, with optional implicit knowledge.

Papers: "YOLO-Pose: Enhancing YOLO for Multi Person Pose Estimation Using Object
Keypoint Similarity Loss", https://arxiv.org/abs/2204.06806; LRFG-YOLOPose, section
II.C and eqs. 6-8. Neither gives the widths of the branches; those used here match the
counts of LRFG-YOLOPose's Table 1.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from mmcv.cnn import ConvModule, DepthwiseSeparableConvModule
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ....utils import ConfigError, check_choice
from ....utils.checks import check_positive_int_lists, check_positive_ints
from ...utils.layer_configs import check_layer_configs, explain_norm_groups
from ...utils.yolo import YOLO_ACT, YOLO_INIT, YOLO_NORM
from .layout import BOX_SIZE, LAYOUTS

# The parts around a branch, before and after it.
IMPLICIT = {
    False: ('Identity', 'Identity'),
    True: ('ImplicitAdd', 'ImplicitMultiply'),
}


@MODELS.register_module()
class YOLOPoseHeadModule(BaseModule):
    """Box and key-point branches on every level, for every anchor.

    ::

        feature -- add -- 1x1 -------------------------------- multiply -- boxes
        feature -- add -- 5 x (DW 3x3, 1x1), DW 3x3, 1x1 ------ multiply -- key points

    Args:
        in_channels (Sequence[int]): Channels C_l of the maps, shallow to deep.
        num_anchors (int): Number of anchors A per cell. Default: 3.
        num_keypoints (int): Number of key points K. Default: 17.
        num_kpt_blocks (int): Number of depthwise separable blocks of the key-point
            branch before its last. Default: 5.
        implicit (bool): Whether implicit vectors are added before and multiplied
            after both branches. Default: False, as in YOLO-Pose.
        layout (str): ``'split'``: the box branch predicts boxes and the key-point
            branch key points. ``'joint'``: as in the published weights of YOLO-Pose,
            the concatenated channels of both branches are viewed as A x (6 + 3K), so
            some anchors' boxes come from the key-point branch. The result of
            ``forward`` is split in both cases. Default: ``'split'``.
        strides (Sequence[int]): Strides of the maps, which determine the initial bias
            of the objectness. Default: (8, 16, 32, 64).
        norm_cfg (dict, optional): Norm layers. Default: YOLOv5's.
        act_cfg (dict, optional): Activations. Default: ``SiLU``.
        init_cfg (dict | list, optional): MMEngine's initialization config.
            Default: PyTorch's initialization of convolutions, as in YOLOv5.

    Raises:
        ConfigError: If a number is not a positive integer, the layout is unknown, or
            the numbers of channels, strides and maps differ.

    Example:
        >>> import torch
        >>> module = YOLOPoseHeadModule((8, 16), strides=(8, 16))
        >>> boxes, joints = module((torch.rand(1, 8, 4, 4), torch.rand(1, 16, 2, 2)))
        >>> [tuple(x.shape) for x in boxes]  # 3 anchors of 4 sides, score and class
        [(1, 18, 4, 4), (1, 18, 2, 2)]
        >>> [tuple(x.shape) for x in joints]  # 3 anchors of 17 joints
        [(1, 153, 4, 4), (1, 153, 2, 2)]
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: Sequence[int],
        num_anchors: int = 3,
        num_keypoints: int = 17,
        num_kpt_blocks: int = 5,
        implicit: bool = False,
        layout: str = 'split',
        strides: Sequence[int] = (8, 16, 32, 64),
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(init_cfg=YOLO_INIT if init_cfg is None else init_cfg)
        self._check(
            in_channels,
            strides,
            layout,
            implicit,
            num_anchors,
            num_keypoints,
            num_kpt_blocks,
        )
        check_layer_configs(self, norm_cfg=norm_cfg, act_cfg=act_cfg, init_cfg=init_cfg)
        self.in_channels = tuple(in_channels)
        self.num_anchors = num_anchors
        self.num_keypoints = num_keypoints
        self.strides = tuple(strides)
        self.layout = layout
        self._separate = LAYOUTS[layout]
        parts = dict(norm_cfg=norm_cfg or YOLO_NORM, act_cfg=act_cfg or YOLO_ACT)
        boxes, points = num_anchors * BOX_SIZE, num_anchors * 3 * num_keypoints
        self.box_branches = nn.ModuleList(
            _branch(channels, nn.Conv2d(channels, boxes, 1), boxes, implicit)
            for channels in in_channels
        )
        self.kpt_branches = nn.ModuleList(
            _branch(
                channels,
                _keypoint_layers(channels, points, num_kpt_blocks, parts),
                points,
                implicit,
            )
            for channels in in_channels
        )
        self.set_priors()

    def _check(
        self,
        in_channels: Any,
        strides: Any,
        layout: Any,
        implicit: Any,
        *counts: Any,
    ) -> None:
        """Raise for arguments that do not fit together."""
        name = type(self).__name__
        for argument, value in zip(
            ('num_anchors', 'num_keypoints', 'num_kpt_blocks'), counts, strict=True
        ):
            check_positive_ints(name, **{argument: value})
        check_positive_int_lists(name, in_channels=in_channels, strides=strides)
        if len(in_channels) != len(strides):
            raise ConfigError(
                name,
                'in_channels',
                tuple(in_channels),
                f'differs in length from strides={tuple(strides)}',
                'give one number for each map in both',
            )
        check_choice(name, 'layout', layout, LAYOUTS)
        check_choice(name, 'implicit', implicit, IMPLICIT)

    @torch.no_grad()
    def set_priors(self) -> None:
        """Initialize the biases as in YOLOv5: 8 objects in a 640 px image, class 0.6.

        The logit of the objectness becomes log(8 / (640 / stride)^2) and that of the
        class log(0.6 / 0.01), in the channels that the chosen layout gives them.
        """
        for box, kpt, stride in zip(
            self.box_branches, self.kpt_branches, self.strides, strict=True
        ):
            biases = box.layers.bias, kpt.layers[-1].bias
            total = sum(len(bias) for bias in biases)
            channels = torch.arange(total).view(1, -1, 1, 1)
            order, _ = self._separate(
                channels[:, : len(biases[0])],
                channels[:, len(biases[0]) :],
                self.num_anchors,
            )
            flat = torch.cat(biases)
            order = order.flatten()
            flat[order[4::BOX_SIZE]] = math.log(8 / (640 / stride) ** 2)
            flat[order[5::BOX_SIZE]] = math.log(0.6 / 0.01)
            biases[0].copy_(flat[: len(biases[0])])
            biases[1].copy_(flat[len(biases[0]) :])

    def init_weights(self) -> None:
        """Initialize, then set the biases of objectness and class."""
        super().init_weights()
        self.set_priors()

    def forward(self, feats: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return the raw predictions of every level.

        Args:
            feats (Sequence[Tensor]): (N, C_l, H_l, W_l).

        Returns:
            tuple: Boxes (N, A*6, H_l, W_l), for each anchor the logits of x, y, w,
            h, objectness and class; and key points (N, A*3K, H_l, W_l), for each
            anchor K times raw x, raw y and the logit of the visibility.

        Raises:
            ConfigError: If the number of maps is not that of ``in_channels``.
        """
        if len(feats) != len(self.in_channels):
            raise ConfigError(
                self,
                'in_channels',
                self.in_channels,
                f'does not fit {len(feats)} maps',
                "give one number for each of the neck's maps",
            )
        boxes, points = [], []
        for feat, box, kpt in zip(
            feats, self.box_branches, self.kpt_branches, strict=True
        ):
            box_pred, kpt_pred = self._separate(box(feat), kpt(feat), self.num_anchors)
            boxes.append(box_pred)
            points.append(kpt_pred)
        return boxes, points


def _branch(
    channels: int, layers: nn.Module, out_channels: int, implicit: bool
) -> nn.Sequential:
    """Wrap a branch's layers in its two implicit parts, if any."""
    before, after = IMPLICIT[implicit]
    branch = nn.Sequential()
    branch.add_module('add', MODELS.build(dict(type=before, in_channels=channels)))
    branch.add_module('layers', layers)
    branch.add_module(
        'multiply', MODELS.build(dict(type=after, in_channels=out_channels))
    )
    return branch


def _keypoint_layers(
    channels: int, out_channels: int, blocks: int, parts: dict
) -> nn.Sequential:
    """Build depthwise separable blocks, then a depthwise and a 1x1 convolution."""
    separable: list[nn.Module] = [
        DepthwiseSeparableConvModule(channels, channels, 3, padding=1, **parts)
        for _ in range(blocks)
    ]
    return nn.Sequential(
        *separable,
        ConvModule(channels, channels, 3, padding=1, groups=channels, **parts),
        nn.Conv2d(channels, out_channels, 1),
    )
