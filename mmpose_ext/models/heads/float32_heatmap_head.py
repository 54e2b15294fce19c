"""Heat-map head whose maps stay in float32 under mixed precision."""

from collections.abc import Sequence
from typing import Any

from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import check_positive_int_lists, check_positive_ints, is_list
from ..utils.inherited import check_inherited


@MODELS.register_module()
class Float32HeatmapHead(HeatmapHead):
    """MMPose's :class:`~mmpose.models.HeatmapHead` with maps in float32.

    MMPose computes the training accuracy in NumPy, which has no bfloat16, so that its
    own head stops under ``AmpOptimWrapper(dtype='bfloat16')``. Without mixed precision
    both heads are the same, and their weights have the same names.

    Args:
        in_channels (int | Sequence[int]): Channels of the feature map, or of each map.
        out_channels (int): Key points K.
        **kwargs: Arguments of :class:`~mmpose.models.HeatmapHead`.

    Raises:
        ConfigError: If an argument has a value that the head cannot use.

    Example:
        >>> import torch
        >>> head = Float32HeatmapHead(16, 17, deconv_out_channels=None)
        >>> with torch.autocast('cpu', torch.bfloat16):
        ...     head((torch.rand(1, 16, 8, 8),)).dtype
        torch.float32
    """

    def __init__(
        self, in_channels: int | Sequence[int], out_channels: int, **kwargs: Any
    ) -> None:
        if is_list(in_channels):
            check_positive_int_lists(self, in_channels=in_channels)
        else:
            check_positive_ints(self, in_channels=in_channels)
        check_inherited(self, out_channels=out_channels, **kwargs)
        super().__init__(in_channels, out_channels, **kwargs)

    def forward(self, feats: Any) -> Tensor:
        """Return the heat maps, (N, K, H, W), in float32.

        Args:
            feats (Sequence[Tensor]): The last is used, (N, C, H, W).
        """
        return super().forward(feats).float()
