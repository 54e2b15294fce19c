"""SADI-Net's local attention: a soft-max along the columns of a fused map.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-C, Fig. 5 (Gao et al., arXiv:2311.05323).
"""

from mmpose.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class LocalAttention(nn.Module):
    """``y * softmax(y)`` along each column, that is over the rows (dim -2).

    "Along the columns" names no dimension; this is the reading. It has no
    parameters and accepts and ignores arguments, so that
    ``dict(type='Identity')`` takes its place.

    Example:
        >>> import torch
        >>> LocalAttention()(torch.ones(1, 1, 4, 1)).flatten()
        tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    def __init__(self, **_: object) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        """Return the weighted map, of the shape of ``x``.

        Args:
            x (Tensor): Two scales' sum, (N, C, H, W).
        """
        return x * x.softmax(dim=-2)
