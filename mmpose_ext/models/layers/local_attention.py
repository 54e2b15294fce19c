"""SADI-Net's local attention: a soft-max along the columns of a fused map.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-C, Fig. 5 (Gao et al., arXiv:2311.05323).
"""

from mmpose.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class LocalAttention(nn.Module):
    """Compute ``y * softmax(y)`` along each column, that is over the rows (dim -2).

    The paper's "along the columns" does not name the dimension; this is one reading.
    The layer has no parameters; it accepts and ignores arguments, so that
    ``dict(type='Identity')`` can take its place.

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
            x (Tensor): The sum of two scales, (N, C, H, W).
        """
        return x * x.softmax(dim=-2)
