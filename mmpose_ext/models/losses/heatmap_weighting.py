"""Weights of SADI-Net's two heat-map losses.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-E, eq. 8 and Table 5 (Gao et al., arXiv:2311.05323).
"""

from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_bools, check_numbers


class HeatmapWeighting(nn.Module):
    """Base of the modules that derive the weights of the two losses from sigma."""

    def forward(self, sigma: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weights of the losses of H1 and of H2, (N, K) each.

        Args:
            sigma (Tensor): (N, K, 2), in (0, 1).
        """
        raise NotImplementedError


@MODELS.register_module()
class SigmaWeighting(HeatmapWeighting):
    """Eq. 8 with its default chi = sigma: (1 - chi) for H1 and chi for H2.

    chi is the mean of sigma along x and y, for each joint of each sample.

    Args:
        detach (bool): Whether to treat chi as constant in the gradient, as in the
            paper. Otherwise sigma also learns to favor the smaller of the two
            losses. Default: True.

    Example:
        >>> import torch
        >>> SigmaWeighting()(torch.tensor([[[0.25, 0.75]]]))
        (tensor([[0.5000]]), tensor([[0.5000]]))
    """

    def __init__(self, detach: bool = True) -> None:
        super().__init__()
        check_bools(self, detach=detach)
        self.detach = detach

    def chi(self, sigma: Tensor) -> Tensor:
        """Return chi, (N, K).

        Args:
            sigma (Tensor): (N, K, 2), in (0, 1).
        """
        chi = sigma.mean(dim=-1)
        return chi.detach() if self.detach else chi

    def forward(self, sigma: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weights of H1's and of H2's loss, (N, K) each.

        Args:
            sigma (Tensor): (N, K, 2), in (0, 1).
        """
        chi = self.chi(sigma)
        return 1 - chi, chi


@MODELS.register_module()
class ReversedSigmaWeighting(SigmaWeighting):
    """Eq. 8 reversed: chi for H1 and (1 - chi) for H2.

    Section IV-E.3 reports sharp drops in accuracy "during random epochs" with it.
    """

    def forward(self, sigma: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weights of H1's and of H2's loss, (N, K) each.

        Args:
            sigma (Tensor): (N, K, 2), in (0, 1).
        """
        h1, h2 = super().forward(sigma)
        return h2, h1


@MODELS.register_module()
class ConstantWeighting(HeatmapWeighting):
    """Two fixed weights: 1 and 1 for Table 5's sum, 1 - chi and chi for a fixed chi.

    Args:
        h1 (float): Weight of H1's loss, not negative. Default: 1.
        h2 (float): Weight of H2's loss, likewise. Default: 1.

    Raises:
        ConfigError: If a weight is negative.
    """

    def __init__(self, h1: float = 1.0, h2: float = 1.0) -> None:
        super().__init__()
        check_numbers(self, least=0, h1=h1, h2=h2)
        self.h1 = h1
        self.h2 = h2

    def forward(self, sigma: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weights of H1's and of H2's loss, (N, K) each.

        Args:
            sigma (Tensor): (N, K, 2).
        """
        ones = sigma.new_ones(sigma.shape[:-1])
        return self.h1 * ones, self.h2 * ones
