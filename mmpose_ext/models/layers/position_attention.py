"""Position attention between all pairs of pixels (SDHRNet, eq. 16).

It is the position attention module of "Dual Attention Network for Scene
Segmentation", https://arxiv.org/abs/1809.02983.
"""

import torch
from mmcv.cnn import Scale, build_conv_layer
from mmengine.model import BaseModule
from torch import Tensor

from ...utils import ConfigError
from ...utils.checks import check_positive_ints
from ..utils.layer_configs import check_layer_configs


class PositionAttention(BaseModule):
    r"""Add to each pixel the values of similar pixels.

    .. math::
        E = \mathrm{softmax}(A^T B), \quad
        H = X + \gamma\,D E^T

    where A, B (C / r channels) and D (C channels) are 1x1 convolutions of X with the
    pixels of a channel in one row, (c, n), n = H W; the softmax runs over the second
    pixel. :math:`\gamma` starts at 0, so that the layer starts as an identity.

    Args:
        in_channels (int): Channels C of the input and of the output.
        reduction (int): r. Default: 8.
        conv_cfg (dict, optional): Convolution layer. Default: ``Conv2d``.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a value is not a positive integer, or r exceeds C.

    Example:
        >>> import torch
        >>> x = torch.rand(1, 16, 8, 8)
        >>> torch.equal(PositionAttention(16)(x), x)  # gamma starts at 0
        True
    """

    def __init__(
        self,
        in_channels: int,
        reduction: int = 8,
        conv_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints(
            'PositionAttention', in_channels=in_channels, reduction=reduction
        )
        if reduction > in_channels:
            raise ConfigError(
                self,
                'reduction',
                reduction,
                f'leaves no channel of in_channels={in_channels}',
                f'choose 1 to {in_channels}',
            )
        check_layer_configs(self, conv_cfg=conv_cfg, init_cfg=init_cfg)
        hidden = in_channels // reduction
        self.query = build_conv_layer(conv_cfg, in_channels, hidden, 1)
        self.key = build_conv_layer(conv_cfg, in_channels, hidden, 1)
        self.value = build_conv_layer(conv_cfg, in_channels, in_channels, 1)
        self.gamma = Scale(0.0)

    def forward(self, x: Tensor) -> Tensor:
        """Return the enhanced map, (N, C, H, W).

        Args:
            x (Tensor): (N, C, H, W).
        """
        query = self.query(x).flatten(2).transpose(1, 2)
        attention = torch.softmax(query @ self.key(x).flatten(2), dim=-1)
        out = self.value(x).flatten(2) @ attention.transpose(1, 2)
        return x + self.gamma(out.view_as(x))
