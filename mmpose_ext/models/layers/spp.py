"""Spatial pyramid pooling of YOLOv5, as a part that a config can select.

This is YOLO-Pose's own pooling, which LRFG-YOLOPose replaces (its Fig. 3).
"""

from collections.abc import Sequence
from typing import Any

from mmpose.models.backbones.csp_darknet import SPPBottleneck
from mmpose.registry import MODELS

from ...utils.checks import (
    check_even,
    check_odd,
    check_positive_int_lists,
    check_positive_ints,
)
from ..utils.applied_init import AppliedInit
from ..utils.inherited import check_inherited
from ..utils.layer_configs import explain_norm_groups


@MODELS.register_module()
class SPP(AppliedInit, SPPBottleneck):
    """MMPose's ``SPPBottleneck``, registered: max-pools in parallel between two 1x1.

    Args:
        in_channels (int): Channels of the input, even.
        out_channels (int, optional): Channels of the output. Default: those of the
            input.
        kernel_sizes (Sequence[int]): Odd sides of the pools. Default: (3, 5, 7),
            the published YOLO-Pose's with six-stage backbones; the paper writes
            "three parallel pooling kernels of size 3".
        **kwargs: Arguments of MMPose's ``SPPBottleneck``.

    Raises:
        ConfigError: If the channels are odd or a kernel is even.

    Example:
        >>> import torch
        >>> SPP(16)(torch.rand(1, 16, 8, 8)).shape
        torch.Size([1, 16, 8, 8])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: int,
        out_channels: int | None = None,
        kernel_sizes: Sequence[int] = (3, 5, 7),
        **kwargs: Any,
    ) -> None:
        check_even(self, in_channels=in_channels)
        out_channels = in_channels if out_channels is None else out_channels
        check_positive_ints(self, out_channels=out_channels)
        check_positive_int_lists(self, kernel_sizes=kernel_sizes)
        for size in kernel_sizes:
            check_odd(self, kernel_sizes=size)
        check_inherited(self, **kwargs)
        super().__init__(in_channels, out_channels, tuple(kernel_sizes), **kwargs)
