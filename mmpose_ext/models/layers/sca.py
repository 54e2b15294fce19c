"""Strengthened coordinate attention (LRFG-YOLOPose, section II.A, Fig. 2)."""

from typing import Any

from mmpose.models.utils import CSPLayer
from mmpose.registry import MODELS

from ...utils import ConfigError
from ...utils.checks import check_even, check_numbers, check_positive_ints
from ..utils.applied_init import AppliedInit
from ..utils.build import build_attention
from ..utils.inherited import check_inherited
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.yolo import YOLO_ACT, YOLO_NORM

# Arguments that MMPose's CSPLayer hands on to its blocks.
BLOCK_ARGUMENTS = {'num_blocks', 'add_identity', 'use_depthwise', 'use_cspnext_block'}


@MODELS.register_module()
class SCA(AppliedInit, CSPLayer):
    """C3 with coordinate attention in place of its bottlenecks.

    ::

        x -- 1x1 (c/2) -- attention --+
        x -- 1x1 (c/2) ---------------+-- cat -- 1x1 (c)

    This is MMPose's ``CSPLayer`` with the attention in place of its blocks; the weights
    ``main_conv``, ``short_conv`` and ``final_conv`` keep their names.

    Args:
        in_channels (int): Channels of the input.
        out_channels (int, optional): c, even. Default: that of the input.
        attention (dict, optional): Any registered layer that takes
            ``in_channels`` and keeps the shape. Default: ``CoordAttention`` with
            a hidden width of max(8, c/2/32) and with the residual that the text at eq.
            4 mentions; ``residual=False`` gives eq. 5 as printed, and
            ``dict(type='Identity')`` no attention.
        norm_cfg (dict, optional): Norm layers of all parts, the attention included.
            Default: ``BN`` as in YOLOv5.
        act_cfg (dict, optional): Activation of the convolutions. Default: ``SiLU``.
        **kwargs: Arguments of MMPose's ``CSPLayer`` except those of its blocks, since
            there are none. ``expand_ratio`` sets the width of the attention, 0.5 by
            default.

    Raises:
        ConfigError: If the channels are odd, the attention's name or arguments are
            bad, or an argument of the blocks is given.

    Example:
        >>> import torch
        >>> SCA(16)(torch.rand(1, 16, 8, 8)).shape
        torch.Size([1, 16, 8, 8])
    """

    @explain_norm_groups
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
        check_positive_ints('SCA', in_channels=in_channels)
        check_even('SCA', out_channels=out_channels)
        check_layer_configs('SCA', norm_cfg=norm_cfg, act_cfg=act_cfg)
        check_inherited('SCA', **kwargs)
        for argument in BLOCK_ARGUMENTS.intersection(kwargs):
            problem = 'is not supported: the attention takes the place of the blocks'
            raise ConfigError(
                'SCA', argument, kwargs[argument], problem, 'leave it out'
            )
        norm_cfg = norm_cfg or YOLO_NORM
        ratio = kwargs.setdefault('expand_ratio', 0.5)
        check_numbers('SCA', above=0, expand_ratio=ratio)
        hidden = int(out_channels * ratio)
        check_positive_ints('SCA', hidden_channels=hidden)
        super().__init__(
            in_channels,
            out_channels,
            norm_cfg=norm_cfg,
            act_cfg=act_cfg or YOLO_ACT,
            num_blocks=0,
            **kwargs,
        )
        default = dict(type='CoordAttention', residual=True)
        self.blocks = build_attention(
            default if attention is None else attention,
            hidden,
            'SCA',
            offered=dict(norm_cfg=norm_cfg, conv_cfg=kwargs.get('conv_cfg')),
        )
