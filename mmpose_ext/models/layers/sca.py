"""Strengthened coordinate attention (LRFG-YOLOPose, section II.A, Fig. 2)."""

from typing import Any

from mmpose.models.utils import CSPLayer
from mmpose.registry import MODELS

from ..utils.build import build_attention
from ..utils.checks import check_divisible
from ..utils.yolo import YOLO_ACT, YOLO_NORM


@MODELS.register_module()
class SCA(CSPLayer):
    """C3 whose chain of bottlenecks gives way to coordinate attention.

    ::

        x -- 1x1 (c/2) -- attention --+
        x -- 1x1 (c/2) ---------------+-- cat -- 1x1 (c)

    MMPose's ``CSPLayer`` with the attention in the place of its blocks; the
    weights ``main_conv``, ``short_conv`` and ``final_conv`` keep their names.

    Args:
        in_channels (int): Channels of the input.
        out_channels (int, optional): c, even. Default: as the input.
        attention (dict, optional): Any registered layer that takes
            ``in_channels`` and keeps the shape. Default: ``CoordAttention`` with
            a hidden width of max(8, c/2/32) and with the residual of which the
            text of eq. 4 speaks; ``residual=False`` is eq. 5 alone,
            ``dict(type='Identity')`` is off.
        norm_cfg (dict, optional): Of all its parts. Default: ``BN`` as in YOLOv5.
        act_cfg (dict, optional): Of its convolutions. Default: ``SiLU``.
        **kwargs: As MMPose's ``CSPLayer``; ``num_blocks`` and ``add_identity``
            of the C3 it replaces are ignored.

    Raises:
        ValueError: If the channels are odd, or the attention's name or arguments
            are bad.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int | None = None,
        attention: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        **kwargs: Any,
    ) -> None:
        out_channels = in_channels if out_channels is None else out_channels
        check_divisible('SCA', 'out_channels', out_channels, halves=2)
        norm_cfg = norm_cfg or YOLO_NORM
        super().__init__(
            in_channels,
            out_channels,
            norm_cfg=norm_cfg,
            act_cfg=act_cfg or YOLO_ACT,
            **{**kwargs, 'num_blocks': 0},
        )
        self.blocks = build_attention(
            attention or dict(type='CoordAttention', residual=True, norm_cfg=norm_cfg),
            out_channels // 2,
            'SCA',
        )
