"""Coordinate attention (Hou et al., CVPR 2021), as CA-HRNet uses it.

Paper: "Coordinate Attention for Efficient Mobile Network Design",
https://arxiv.org/abs/2103.02907. CA-HRNet shows it in Fig. 2 and section 3.1 but gives
no numbers; widths and biases follow the original paper.
"""

import torch
from mmcv.cnn import build_activation_layer, build_conv_layer, build_norm_layer
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import check_bools, check_positive_ints
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


@MODELS.register_module()
class CoordAttention(BaseModule):
    r"""Gate a feature map by its row and its column profile.

    .. math::
        z^h = \mathrm{mean}_w\,x, \quad z^w = \mathrm{mean}_h\,x, \quad
        [f^h, f^w] = \delta(\mathrm{BN}(F_1[z^h, z^w])) \\
        y = x \cdot \sigma(F_h f^h) \cdot \sigma(F_w f^w)

    with 1x1 convolutions :math:`F` and the h-swish :math:`\delta`. At r = 32 and up to
    256 channels it has 26 C + 24 parameters.

    Args:
        in_channels (int): Channels C of the input and of the output.
        reduction (int): r; the hidden width is ``max(min_channels, C // r)``.
            Default: 32, the original paper's.
        min_channels (int): Lower bound of the hidden width. Default: 8.
        residual (bool): Whether to add the input to the result. Not in the
            original paper. Default: False.
        conv_cfg (dict, optional): Convolution layer. Default: ``Conv2d``.
        norm_cfg (dict, optional): Norm layer of the shared convolution. Default:
            ``BN``.
        act_cfg (dict, optional): Its activation. Default: ``HSwish``, as in the
            paper.
        init_cfg (dict | list, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a width is not a positive integer, or another value is bad.

    Example:
        >>> import torch
        >>> attention = CoordAttention(64)
        >>> attention(torch.rand(2, 64, 16, 12)).shape
        torch.Size([2, 64, 16, 12])
        >>> sum(p.numel() for p in attention.parameters())  # 26 C + 24
        1688
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        reduction: int = 32,
        min_channels: int = 8,
        residual: bool = False,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints(
            self,
            in_channels=in_channels,
            reduction=reduction,
            min_channels=min_channels,
        )
        check_bools(self, residual=residual)
        check_layer_configs(
            self,
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg,
            act_cfg=act_cfg,
            init_cfg=init_cfg,
        )
        hidden = max(min_channels, in_channels // reduction)
        self.residual = residual
        self.conv1 = build_conv_layer(conv_cfg, in_channels, hidden, 1)
        self.norm1 = build_norm_layer(norm_cfg or dict(type='BN'), hidden)[1]
        self.act = build_activation_layer(act_cfg or dict(type='HSwish'))
        self.conv_h = build_conv_layer(conv_cfg, hidden, in_channels, 1)
        self.conv_w = build_conv_layer(conv_cfg, hidden, in_channels, 1)

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
