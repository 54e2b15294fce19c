"""Strip pooling (Hou et al., CVPR 2020), as DAUNet uses it.

Paper: "Strip Pooling: Rethinking Spatial Pooling for Scene Parsing",
https://arxiv.org/abs/2003.13328. DAUNet's eqs. 4-7 and Fig. 4; the convolutions
along the strips, which its text leaves out, are the original paper's.
"""

from mmcv.cnn import build_conv_layer, build_norm_layer
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_odd, check_positive_ints
from ..utils.applied_init import AppliedInit
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


@MODELS.register_module()
class StripPooling(AppliedInit):
    r"""Gate a feature map by the sum of its row and its column means.

    .. math::
        y^h_i = \mathrm{mean}_j\,x_{ij}, \quad y^v_j = \mathrm{mean}_i\,x_{ij} \\
        y_{ij} = \mathrm{BN}(F_h y^h)_i + \mathrm{BN}(F_v y^v)_j, \quad
        z = x \cdot \sigma(f(\delta(y)))

    with a (3, 1) and a (1, 3) convolution :math:`F`, the ReLU :math:`\delta` and
    the 1x1 convolution :math:`f`, "the smallest convolution" of eq. 7.

    Args:
        in_channels (int): Channels of the input and of the output.
        kernel_size (int): Odd length of the convolutions along the strips.
            Default: 3.
        conv_cfg (dict, optional): Type of all convolutions. Default: ``Conv2d``.
        norm_cfg (dict, optional): Their norm layer. Default: ``BN``.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a number is not a positive integer or the kernel is even.

    Example:
        >>> import torch
        >>> StripPooling(16)(torch.rand(2, 16, 8, 6)).shape
        torch.Size([2, 16, 8, 6])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        kernel_size: int = 3,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('StripPooling', in_channels=in_channels)
        check_odd('StripPooling', kernel_size=kernel_size)
        check_layer_configs(
            self, conv_cfg=conv_cfg, norm_cfg=norm_cfg, init_cfg=init_cfg
        )
        norm_cfg = norm_cfg or dict(type='BN')
        pad = kernel_size // 2
        widths = (in_channels, in_channels)
        self.conv_h = build_conv_layer(
            conv_cfg, *widths, (kernel_size, 1), padding=(pad, 0), bias=False
        )
        self.norm_h = build_norm_layer(norm_cfg, in_channels)[1]
        self.conv_v = build_conv_layer(
            conv_cfg, *widths, (1, kernel_size), padding=(0, pad), bias=False
        )
        self.norm_v = build_norm_layer(norm_cfg, in_channels)[1]
        self.relu = nn.ReLU(inplace=True)
        self.conv = build_conv_layer(conv_cfg, *widths, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the gated map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        rows = self.norm_h(self.conv_h(x.mean(dim=3, keepdim=True)))
        columns = self.norm_v(self.conv_v(x.mean(dim=2, keepdim=True)))
        return x * self.conv(self.relu(rows + columns)).sigmoid()
