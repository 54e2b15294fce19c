"""DASP, SDHRNet's dense atrous spatial pyramid pooling (section 3.3, Fig. 7)."""

from collections.abc import Sequence

import torch
from mmcv.cnn import ConvModule
from mmengine.model import ModuleList
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import check_positive_int_lists, check_positive_ints
from ..utils.applied_init import AppliedInit
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


@MODELS.register_module()
class DASP(AppliedInit):
    r"""Densely connected dilated convolutions, fused with low-order features.

    .. math::
        y_l = H_{3, d_l}([y_{l-1}, \dots, y_0]), \quad
        f = K_1 [K_1 f_{LLF}, K_1 [y_L, \dots, y_0]]

    (eqs. 18 and 19, where "+" is a concatenation). Every convolution is followed
    by BN and ReLU. The last 1x1 convolution of eq. 19, which makes the heat maps,
    is the head's ``final_layer``. With dilations 1, 6, 12, 18 the last layer sees
    1 + 2 (1 + 6 + 12 + 18) = 75 pixels, the paper's figure.

    Args:
        in_channels (int): Channels of the feature map y_0.
        low_channels (int): Channels of the low-order features f_LLF.
        channels (int, optional): Width of each 1x1 convolution, and of the
            output. Default: ``in_channels``.
        growth (int, optional): Channels of each dilated convolution. Default:
            ``in_channels // 4``. The paper gives neither width.
        dilations (Sequence[int]): One dilated convolution each. Default:
            (1, 6, 12, 18).
        norm_cfg (dict, optional): Norm layer. Default: BN.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a width or dilation is not a positive integer, or there is
            no dilation.

    Example:
        >>> import torch
        >>> dasp = DASP(in_channels=32, low_channels=256)
        >>> dasp(torch.rand(1, 32, 16, 12), torch.rand(1, 256, 16, 12)).shape
        torch.Size([1, 32, 16, 12])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        low_channels: int,
        channels: int | None = None,
        growth: int | None = None,
        dilations: Sequence[int] = (1, 6, 12, 18),
        norm_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('DASP', in_channels=in_channels, low_channels=low_channels)
        channels = in_channels if channels is None else channels
        growth = max(1, in_channels // 4) if growth is None else growth
        check_positive_ints('DASP', channels=channels, growth=growth)
        check_positive_int_lists('DASP', dilations=dilations)
        check_layer_configs('DASP', norm_cfg=norm_cfg, init_cfg=init_cfg)
        norm_cfg = norm_cfg or dict(type='BN')
        self.out_channels = channels
        self.pyramid = ModuleList()
        for dilation in dilations:
            self.pyramid.append(
                ConvModule(
                    in_channels,
                    growth,
                    3,
                    padding=dilation,
                    dilation=dilation,
                    norm_cfg=norm_cfg,
                )
            )
            in_channels += growth
        self.project = ConvModule(in_channels, channels, 1, norm_cfg=norm_cfg)
        self.low = ConvModule(low_channels, channels, 1, norm_cfg=norm_cfg)
        self.fuse = ConvModule(2 * channels, channels, 1, norm_cfg=norm_cfg)

    def forward(self, x: Tensor, low: Tensor) -> Tensor:
        """Return the fused map, (N, channels, H, W).

        Args:
            x (Tensor): y_0, (N, in_channels, H, W).
            low (Tensor): f_LLF, (N, low_channels, H, W).
        """
        for layer in self.pyramid:
            x = torch.cat((layer(x), x), dim=1)
        return self.fuse(torch.cat((self.low(low), self.project(x)), dim=1))
