"""Half-channel depthwise convolution (SDHRNet, eqs. 1-3, 8 and 9).

Paper: "Lightweight Multi-Resolution Network for Human Pose Estimation",
section 3.1 (Li et al., CMES 138(3), 2024, doi 10.32604/cmes.2023.030677).
"""

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor

from ...utils.checks import check_bools, check_even, check_positive_ints
from ..utils.layer_configs import check_layer_configs


class HalfChannelConv(BaseModule):
    r"""Make half of the channels by a convolution, and from these the rest, depthwise.

    .. math::
        Y' = \mathrm{ReLU}(\mathrm{BN}(X * f')), \quad
        Y_{ij} = \mathrm{BN}(I(Y')), \quad Y_s = [Y', Y_{ij}]

    with a 3x3 convolution :math:`f'` to C/2 channels and a 3x3 depthwise
    convolution I. The "+" of eq. 3 is a concatenation: the text gives
    :math:`Y_s` the channels of the input. The two halves are returned separately, so
    that the caller can weight them before it concatenates them. There are
    9 C_in C / 2 + 9 C / 2 weights (eq. 8).

    Args:
        in_channels (int): Channels of the input.
        out_channels (int): C, the channels of both halves together; even.
        stride (int): Stride of the first convolution. Default: 1.
        act (bool): Whether a ReLU follows the depthwise half. Default: True.
        conv_cfg (dict, optional): Convolution layer of both halves.
        norm_cfg (dict, optional): Norm layer of both halves. Default: BN.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a width is not a positive integer, or C is odd.

    Example:
        >>> import torch
        >>> first, second = HalfChannelConv(8, 16)(torch.rand(1, 8, 6, 6))
        >>> first.shape, second.shape
        (torch.Size([1, 8, 6, 6]), torch.Size([1, 8, 6, 6]))
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        act: bool = True,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints(self, in_channels=in_channels, stride=stride)
        check_even(self, out_channels=out_channels)
        check_bools(self, act=act)
        check_layer_configs(
            self, conv_cfg=conv_cfg, norm_cfg=norm_cfg, init_cfg=init_cfg
        )
        half = out_channels // 2
        norm_cfg = norm_cfg or dict(type='BN')
        self.conv = ConvModule(
            in_channels,
            half,
            3,
            stride=stride,
            padding=1,
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg,
        )
        self.depthwise = ConvModule(
            half,
            half,
            3,
            padding=1,
            groups=half,
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg,
            act_cfg=dict(type='ReLU') if act else None,
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return Y' and the depthwise half, each (N, C / 2, H', W').

        Args:
            x (Tensor): (N, in_channels, H, W).
        """
        intermediate = self.conv(x)
        return intermediate, self.depthwise(intermediate)
