"""Fine-grained cascaded spatial pyramid pooling (LRFG-YOLOPose, section II.B).

The widths, which Fig. 4 does not give, are those that match the parameter counts of the
paper's Table 1 exactly.
"""

from functools import partial
from typing import Any

import torch
from mmcv.cnn import ConvModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_odd, check_positive_ints
from ..utils.applied_init import AppliedInit
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.yolo import YOLO_ACT, YOLO_NORM


def _same_size_conv(channels: int, width: int, side: int, **parts: Any) -> ConvModule:
    return ConvModule(channels, width, side, padding=side // 2, **parts)


@MODELS.register_module()
class FGCSPP(AppliedInit):
    """Pool in a cascade between convolutions, beside a 1x1 shortcut.

    ::

        x -- 1x1-3x3-1x1 --+------+------+------+
                           |      |      |      |
                           +-pool-+-pool-+-pool-+-- cat -- 1x1-3x3 --+
        x -- 1x1 ----------------------------------------------------+-- cat -- 1x1

    Each convolution has a norm layer and an activation. Three 5x5 pools in a
    cascade see 5, 9 and 13 pixels, like YOLOv5's parallel ones, at less cost.

    Args:
        in_channels (int): Channels of the input.
        out_channels (int, optional): Channels of the output. Default: those of the
            input.
        mid_channels (int, optional): Channels in between. Default: those of the output.
        kernel_size (int): Odd side of the pools. Default: 5.
        num_pools (int): Length of the cascade. Default: 3.
        conv_cfg (dict, optional): Convolution layer. Default: ``Conv2d``.
        norm_cfg (dict, optional): Default: ``BN`` as in YOLOv5.
        act_cfg (dict, optional): Default: ``SiLU``.
        init_cfg (dict | list, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a number is not a positive integer or the kernel is even.

    Example:
        >>> import torch
        >>> FGCSPP(16)(torch.rand(1, 16, 8, 8)).shape
        torch.Size([1, 16, 8, 8])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        out_channels: int | None = None,
        mid_channels: int | None = None,
        kernel_size: int = 5,
        num_pools: int = 3,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        out_channels = in_channels if out_channels is None else out_channels
        mid_channels = out_channels if mid_channels is None else mid_channels
        check_positive_ints(
            'FGCSPP',
            in_channels=in_channels,
            out_channels=out_channels,
            mid_channels=mid_channels,
            num_pools=num_pools,
        )
        check_odd('FGCSPP', kernel_size=kernel_size)
        check_layer_configs(
            'FGCSPP',
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg,
            act_cfg=act_cfg,
            init_cfg=init_cfg,
        )
        self.num_pools = num_pools
        conv = partial(
            _same_size_conv,
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg or YOLO_NORM,
            act_cfg=act_cfg or YOLO_ACT,
        )
        self.main_conv = nn.Sequential(
            conv(in_channels, mid_channels, 1),
            conv(mid_channels, mid_channels, 3),
            conv(mid_channels, mid_channels, 1),
        )
        self.pool = nn.MaxPool2d(kernel_size, stride=1, padding=kernel_size // 2)
        self.fuse_conv = nn.Sequential(
            conv((num_pools + 1) * mid_channels, mid_channels, 1),
            conv(mid_channels, mid_channels, 3),
        )
        self.short_conv = conv(in_channels, mid_channels, 1)
        self.final_conv = conv(2 * mid_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, out_channels, H, W).

        Args:
            x (Tensor): (N, in_channels, H, W).
        """
        main = self.fuse_conv(self.pyramid(self.main_conv(x)))
        return self.final_conv(torch.cat((main, self.short_conv(x)), dim=1))

    def pyramid(self, x: Tensor) -> Tensor:
        """Concatenate ``x`` and its pools, with (num_pools + 1) C channels."""
        levels = [x]
        for _ in range(self.num_pools):
            levels.append(self.pool(levels[-1]))
        return torch.cat(levels, dim=1)
