"""Heat-map head whose maps stay in float32 under mixed precision."""

from typing import Any

from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from torch import Tensor


@MODELS.register_module()
class Float32HeatmapHead(HeatmapHead):
    """MMPose's :class:`~mmpose.models.HeatmapHead` with maps in float32.

    MMPose computes the training accuracy in NumPy, which has no bfloat16, so that its
    own head stops under ``AmpOptimWrapper(dtype='bfloat16')``. Without mixed precision
    both heads are the same, and their weights have the same names.

    Args:
        *args: As :class:`~mmpose.models.HeatmapHead`.
        **kwargs: As there.

    Example:
        >>> import torch
        >>> head = Float32HeatmapHead(16, 17, deconv_out_channels=None)
        >>> with torch.autocast('cpu', torch.bfloat16):
        ...     head((torch.rand(1, 16, 8, 8),)).dtype
        torch.float32
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def forward(self, feats: Any) -> Tensor:
        """Return the heat maps, (N, K, H, W), in float32.

        Args:
            feats (Sequence[Tensor]): The last is used, (N, C, H, W).
        """
        return super().forward(feats).float()
