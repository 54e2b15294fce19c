"""Ghost convolution (Han et al., CVPR 2020), as LRFG-YOLOPose uses it.

Paper: "GhostNet: More Features from Cheap Operations",
https://arxiv.org/abs/1911.11907. LRFG-YOLOPose names it in section II.C; the 5x5 kernel
of the cheap operation is the one that matches its parameter counts.
"""

import torch
from mmcv.cnn import ConvModule
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import (
    check_even,
    check_odd,
    check_positive_ints,
)
from ..utils.applied_init import AppliedInit
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.yolo import YOLO_ACT, YOLO_NORM


@MODELS.register_module()
class GhostConv(AppliedInit):
    """Make half of the maps by a convolution, the others by a depthwise one.

    A drop-in replacement for mmcv's ``ConvModule``: both halves have norm and
    activation.

    Args:
        in_channels (int): Channels of the input.
        out_channels (int): Channels of the output, even.
        kernel_size (int): Odd side of the convolution.
        stride (int): Its stride. Default: 1.
        padding (int, optional): Its padding. Default: half of the kernel.
        cheap_kernel_size (int): Odd side of the depthwise convolution, which
            keeps the size. Default: 5.
        conv_cfg (dict, optional): Type of both convolutions.
        norm_cfg (dict, optional): Default: ``BN`` as in YOLOv5.
        act_cfg (dict, optional): Default: ``SiLU``.
        init_cfg (dict | list, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a number is not a positive integer, ``out_channels`` is odd
            or a kernel even.

    Example:
        >>> import torch
        >>> GhostConv(8, 16, kernel_size=3, stride=2)(torch.rand(1, 8, 8, 8)).shape
        torch.Size([1, 16, 4, 4])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | None = None,
        cheap_kernel_size: int = 5,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('GhostConv', in_channels=in_channels, stride=stride)
        check_even('GhostConv', out_channels=out_channels)
        check_odd(
            'GhostConv', kernel_size=kernel_size, cheap_kernel_size=cheap_kernel_size
        )
        if padding is not None and not (padding == 0 and type(padding) is int):
            check_positive_ints('GhostConv', padding=padding)
        check_layer_configs(
            'GhostConv',
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg,
            act_cfg=act_cfg,
            init_cfg=init_cfg,
        )
        half = out_channels // 2
        common = dict(
            conv_cfg=conv_cfg,
            norm_cfg=norm_cfg or YOLO_NORM,
            act_cfg=act_cfg or YOLO_ACT,
        )
        self.primary_conv = ConvModule(
            in_channels,
            half,
            kernel_size,
            stride=stride,
            padding=kernel_size // 2 if padding is None else padding,
            **common,
        )
        self.cheap_conv = ConvModule(
            half,
            half,
            cheap_kernel_size,
            padding=cheap_kernel_size // 2,
            groups=half,
            **common,
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, out_channels, H / stride, W / stride), the primary half first.

        Args:
            x (Tensor): (N, in_channels, H, W).
        """
        primary = self.primary_conv(x)
        return torch.cat((primary, self.cheap_conv(primary)), dim=1)
