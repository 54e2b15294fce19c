"""Partial convolution (Chen et al., CVPR 2023), as DAUNet uses it.

Paper: "Run, Don't Walk: Chasing Higher FLOPS for Faster Neural Networks",
https://arxiv.org/abs/2303.03667. DAUNet's eq. 3 and Fig. 3, which do not give the
ratio; 1/4 is the original paper's.
"""

import torch
from mmcv.cnn import build_conv_layer
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import check_divisible, check_odd
from ..utils.layer_configs import check_layer_configs


@MODELS.register_module()
class PartialConv(BaseModule):
    r"""Convolve the first channels and pass the others on unchanged.

    .. math::
        I_1, I_2 = \mathrm{split}(I), \quad O = [P(I_1), I_2]

    Args:
        in_channels (int): Channels C of the input and of the output.
        divisor (int): The first C / divisor channels are convolved. Default: 4.
        kernel_size (int): Odd size of the convolution. Default: 3.
        conv_cfg (dict, optional): Type of the convolution. Default: ``Conv2d``.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If C is not a multiple of ``divisor`` or the kernel is even.

    Example:
        >>> import torch
        >>> x = torch.rand(1, 16, 8, 8)
        >>> torch.equal(PartialConv(16)(x)[:, 4:], x[:, 4:])  # three quarters pass
        True
    """

    def __init__(
        self,
        in_channels: int,
        divisor: int = 4,
        kernel_size: int = 3,
        conv_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_divisible('PartialConv', 'in_channels', in_channels, divisor=divisor)
        check_odd('PartialConv', kernel_size=kernel_size)
        check_layer_configs('PartialConv', conv_cfg=conv_cfg, init_cfg=init_cfg)
        self.convolved = in_channels // divisor
        self.conv = build_conv_layer(
            conv_cfg,
            self.convolved,
            self.convolved,
            kernel_size,
            padding=kernel_size // 2,
            bias=False,
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the map with its first channels convolved.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        first, rest = x.split((self.convolved, x.shape[1] - self.convolved), dim=1)
        return torch.cat((self.conv(first), rest), dim=1)
