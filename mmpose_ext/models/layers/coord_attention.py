"""Coordinate attention (Hou et al., CVPR 2021), as CA-HRNet uses it.

Paper: "Coordinate Attention for Efficient Mobile Network Design",
https://arxiv.org/abs/2103.02907. CA-HRNet shows it in its Fig. 2 and section
3.1 and gives no numbers; widths and biases follow the original paper.
"""

import torch
from mmcv.cnn import build_activation_layer, build_norm_layer
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.errors import ConfigError


@MODELS.register_module()
class CoordAttention(BaseModule):
    r"""Gate a feature map by its row and its column profile.

    .. math::
        z^h = \mathrm{mean}_w\,x, \quad z^w = \mathrm{mean}_h\,x, \quad
        [f^h, f^w] = \delta(\mathrm{BN}(F_1[z^h, z^w])) \\
        y = x \cdot \sigma(F_h f^h) \cdot \sigma(F_w f^w)

    with 1x1 convolutions :math:`F` and the h-swish :math:`\delta`. At r = 32 and
    up to 256 channels it holds 26 C + 24 parameters.

    Args:
        in_channels (int): Channels C of the input and of the output.
        reduction (int): r; the hidden width is ``max(min_channels, C // r)``.
            Default: 32, the original paper's.
        min_channels (int): Lower bound of the hidden width. Default: 8.
        residual (bool): Whether to add the input to the result. Not in the
            original paper. Default: False.
        norm_cfg (dict): Norm layer of the shared convolution.
        act_cfg (dict): Its activation; h-swish in the paper.
        init_cfg (dict, optional): MMEngine's initialisation config.

    Raises:
        ValueError: If a width is not a positive integer.
    """

    def __init__(
        self,
        in_channels: int,
        reduction: int = 32,
        min_channels: int = 8,
        residual: bool = False,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        for name, value in dict(
            in_channels=in_channels, reduction=reduction, min_channels=min_channels
        ).items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ConfigError(
                    f'CoordAttention: {name}={value!r} must be a positive integer'
                    + (', such as 8, 16 or 32' if name == 'reduction' else '')
                )
        hidden = max(min_channels, in_channels // reduction)
        self.residual = residual
        self.conv1 = nn.Conv2d(in_channels, hidden, 1)
        self.norm1 = build_norm_layer(norm_cfg or dict(type='BN'), hidden)[1]
        self.act = build_activation_layer(act_cfg or dict(type='HSwish'))
        self.conv_h = nn.Conv2d(hidden, in_channels, 1)
        self.conv_w = nn.Conv2d(hidden, in_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the gated map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        height, width = x.shape[2:]
        rows = x.mean(dim=3, keepdim=True)
        columns = x.mean(dim=2, keepdim=True).transpose(2, 3)
        profile = self.act(self.norm1(self.conv1(torch.cat((rows, columns), dim=2))))
        rows, columns = profile.split((height, width), dim=2)
        gate_h = self.conv_h(rows).sigmoid()
        gate_w = self.conv_w(columns.transpose(2, 3)).sigmoid()
        out = x * gate_h * gate_w
        return x + out if self.residual else out
