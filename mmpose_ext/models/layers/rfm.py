"""SADI-Net's receptive fortified module (RFM).

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-B, eq. 1 and Fig. 3 (Gao et al., arXiv:2311.05323).
"""

from typing import Any

from mmcv.cnn import build_conv_layer, build_norm_layer
from mmpose.models.backbones.resnet import BasicBlock
from mmpose.models.backbones.utils import SELayer
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError
from ...utils.checks import check_positive_ints
from ..utils.inherited import check_inherited
from ..utils.layer_configs import explain_norm_groups
from ..utils.residual import ResidualForward


@MODELS.register_module()
class RFM(ResidualForward, BasicBlock):
    """BasicBlock with a parallel dilated convolution and squeeze-and-excitation.

    ::

        x -- 3x3-BN-ReLU -- 3x3-BN --+
        |                            + -- SE --+
        +--- dilated 3x3-BN ---------+         + -- ReLU
        +--- shortcut -------------------------+

    The weights that BasicBlock has keep their names. Not in the paper are the dilation
    rate, the SE ratio, and the stride (the block's) and norm of the dilated branch.

    Args:
        in_channels (int): Channels of the input.
        out_channels (int): C, at least ``se_ratio``.
        rate (int): Dilation b of eq. 1. Default: 2.
        se_ratio (int): Squeeze ratio of SE. Default: 16.
        **kwargs: Arguments of :class:`~mmpose.models.backbones.resnet.BasicBlock`.

    Raises:
        ConfigError: If a number is not a positive integer, or SE would have no
            channel.

    Example:
        >>> import torch
        >>> RFM(32, 32)(torch.rand(1, 32, 8, 8)).shape
        torch.Size([1, 32, 8, 8])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        rate: int = 2,
        se_ratio: int = 16,
        **kwargs: Any,
    ) -> None:
        check_positive_ints(
            self,
            in_channels=in_channels,
            out_channels=out_channels,
            rate=rate,
            se_ratio=se_ratio,
        )
        check_inherited(self, **kwargs)
        for name, only in (('expansion', 1), ('style', 'pytorch')):
            if kwargs.get(name, only) != only:
                fix = f'leave it out, or write {only!r}'
                problem = 'is not supported: BasicBlock has one form'
                raise ConfigError(self, name, kwargs[name], problem, fix)
        if out_channels < se_ratio:
            raise ConfigError(
                self,
                'se_ratio',
                se_ratio,
                f'leaves no channel of out_channels={out_channels}',
                f'choose 1 to {out_channels}',
            )
        super().__init__(in_channels, out_channels, **kwargs)
        self.dilated_conv = build_conv_layer(
            self.conv_cfg,
            in_channels,
            out_channels,
            3,
            stride=self.stride,
            padding=rate,
            dilation=rate,
            bias=False,
        )
        self.dilated_norm = build_norm_layer(self.norm_cfg, out_channels)[1]
        self.se = SELayer(out_channels, ratio=se_ratio, conv_cfg=self.conv_cfg)

    def _residual(self, x: Tensor) -> Tensor:
        out = self.relu(self.norm1(self.conv1(x)))
        out = self.norm2(self.conv2(out))
        return self.se(out + self.dilated_norm(self.dilated_conv(x)))
