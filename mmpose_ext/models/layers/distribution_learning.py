"""SADI-Net's distribution learning module (DLM): the learnable heat map H2.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-D, eqs. 4 and 5 (Gao et al., arXiv:2311.05323), on residual
log-likelihood estimation (Li et al., ICCV 2021).
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from mmpose.models.utils.realnvp import RealNVP
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ...utils.checks import check_numbers, check_odd
from ..utils.build import build_part, is_loss
from ..utils.precision import full_precision


@MODELS.register_module()
class DistributionLearning(nn.Module):
    """Heat maps of a learned density, differentiable in mu, sigma and the flow.

    With G the density of MMPose's RealNVP, m and s its mean and standard deviation
    along x and y, and Q the standard Gaussian::

        I(x) = s_x s_y G(s x + m),  P = (Q + I) / 2,  H2(g) = 2 pi P((g - mu) / sigma)

    Eq. 5 prints ``G((x - m) / s)``, which neither standardizes G nor is a density; I
    is G with zero mean and unit variance. A new flow is nearly the identity, so H2 is
    initially the Gaussian of sigma, with a peak of 1.

    P is evaluated once per call on a canonical grid and placed by ``grid_sample``;
    m and s are sums over a second grid. These computations and the flow's weights
    stay in float32 under autocast and after ``half()``.

    Args:
        rle (dict, optional): The likelihood loss of eq. 4, which owns the flow as
            ``flow_model``. Default: MMPose's ``RLELoss`` with target weights.
        sigma_min (float): Minimum sigma, in units of the input, in [0, 1). Default:
            1/64, a pixel of a 64x64 map. Not in the paper.
        radius (float): Half the side of the canonical grid, in standard deviations;
            P is 0 beyond. Default: 5.
        points (int): Number of points along that side, odd. Default: 129, which keeps
            H2 within 1.5e-3 of its exact value for a Gaussian.
        moment_radius (float): Half the side of the grid for m and s. Default: 8.
        moment_points (int): Number of points along that side, odd. Default: 65.

    Raises:
        ConfigError: If a number is out of range or the loss has no flow.
    """

    def __init__(
        self,
        rle: dict | None = None,
        sigma_min: float = 1 / 64,
        radius: float = 5.0,
        points: int = 129,
        moment_radius: float = 8.0,
        moment_points: int = 65,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        check_odd(name, points=points, moment_points=moment_points)
        check_numbers(name, least=0, below=1, sigma_min=sigma_min)
        check_numbers(name, above=0, radius=radius, moment_radius=moment_radius)
        for argument, value in (('points', points), ('moment_points', moment_points)):
            if value < 3:
                raise ConfigError(
                    name, argument, value, 'leaves no grid', 'choose 3 or more'
                )
        self.sigma_min = sigma_min
        self.radius = radius
        self.points = points
        self.moment_radius = moment_radius
        self.moment_points = moment_points
        rle = dict(type='RLELoss', use_target_weight=True) if rle is None else rle
        self.rle = build_part(rle, {}, name, 'rle', suggest=is_loss)
        if not isinstance(getattr(self.rle, 'flow_model', None), RealNVP):
            raise ConfigError(
                name,
                'rle',
                rle,
                'has no flow_model',
                "choose dict(type='RLELoss', use_target_weight=True)",
            )

    @property
    def flow(self) -> RealNVP:
        """The flow G, shared with the likelihood loss."""
        return self.rle.flow_model

    def _apply(self, fn: Callable, recurse: bool = True) -> 'DistributionLearning':
        """Move or cast, but never below float32, where the flow would overflow."""

        def keep(tensor: Tensor) -> Tensor:
            cast = fn(tensor)
            return cast if cast.element_size() >= 4 else tensor.to(cast.device)

        return super()._apply(keep, recurse)

    def to_sigma(self, logit: Tensor) -> Tensor:
        """Return sigma in (sigma_min, 1), in units of the input, in float32.

        Args:
            logit (Tensor): Output of the SFM, any shape.
        """
        logit = self._widen(logit)
        return self.sigma_min + (1 - self.sigma_min) * logit.sigmoid()

    def forward(self, mu: Tensor, sigma: Tensor, size: tuple[int, int]) -> Tensor:
        """Return H2, (N, K, H, W), in float32 or mu's wider type.

        Args:
            mu (Tensor): Centers (N, K, 2) in order x, y, in units of the input: a
                map's pixel i of W is at i / W, as MMPose's codecs encode.
            sigma (Tensor): Standard deviations, in the same form.
            size (tuple[int, int]): H and W.
        """
        batch, joints = mu.shape[:2]
        with full_precision(mu.device):
            x, y = self._standardize(mu, sigma, size)
            shape = (batch, joints, *size)
            grid = torch.stack(
                (x[:, :, None].expand(shape), y[..., None].expand(shape)), dim=-1
            )
            # One copy of the map per sample, so its gradient is one map instead of K.
            maps = F.grid_sample(
                self.canonical().to(grid.dtype).expand(batch, 1, -1, -1),
                grid.reshape(batch, joints * size[0], size[1], 2) / self.radius,
                mode='bilinear',
                padding_mode='zeros',
                align_corners=True,
            )
        return maps.reshape(shape)

    def exact(self, mu: Tensor, sigma: Tensor, size: tuple[int, int]) -> Tensor:
        """Return H2 with the flow evaluated at every pixel, as a slow reference.

        Args:
            mu (Tensor): See :meth:`forward`.
            sigma (Tensor): See :meth:`forward`.
            size (tuple[int, int]): H and W.
        """
        with full_precision(mu.device):
            x, y = self._standardize(mu, sigma, size)
            shape = (*mu.shape[:2], *size)
            points = torch.stack(
                (x[:, :, None].expand(shape), y[..., None].expand(shape)), dim=-1
            )
            return self._peak_one(points.reshape(-1, 2)).reshape(shape)

    def canonical(self) -> Tensor:
        """Return 2 pi P on the canonical grid, (points, points), rows along y."""
        with full_precision(self.flow.loc.device):
            return self._peak_one(self._grid(self.radius, self.points)).view(
                self.points, self.points
            )

    def moments(self) -> tuple[Tensor, Tensor]:
        """Return the flow's mean and standard deviation, (2,) each, in order x, y."""
        grid = self._grid(self.moment_radius, self.moment_points)
        mass = self.flow.log_prob(grid).exp()[:, None]
        total = mass.sum().clamp(min=torch.finfo(mass.dtype).tiny)
        mean = (mass * grid).sum(0) / total
        # Widths below the grid's step cannot be resolved.
        step = 2 * self.moment_radius / (self.moment_points - 1)
        variance = (mass * (grid - mean) ** 2).sum(0) / total
        return mean, variance.clamp(min=(step / 4) ** 2).sqrt()

    def nll(self, mu: Tensor, sigma: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """Return the loss of eq. 4, as MMPose's RLELoss scales it.

        Args:
            mu (Tensor): See :meth:`forward`.
            sigma (Tensor): See :meth:`forward`.
            target (Tensor): True positions, (N, K, 2), in units of the input.
            weight (Tensor): Weights of the joints, (N, K).
        """
        with full_precision(mu.device):
            # RLELoss takes the logit and applies the sigmoid itself.
            mu, sigma = self._widen(mu), self._widen(sigma)
            logit = torch.logit(sigma, eps=1e-6)
            return self.rle(mu, logit, target.to(mu), weight.to(mu)[..., None])

    def _standardize(
        self, mu: Tensor, sigma: Tensor, size: tuple[int, int]
    ) -> tuple[Tensor, Tensor]:
        """Return columns (N, K, W) and rows (N, K, H) in units of sigma from mu."""
        mu, sigma = self._widen(mu), self._widen(sigma)
        axes = [
            torch.arange(n, dtype=mu.dtype, device=mu.device) / n
            for n in (size[1], size[0])
        ]
        x, y = (
            (axis - mu[..., i : i + 1]) / sigma[..., i : i + 1]
            for i, axis in enumerate(axes)
        )
        return x, y

    def _peak_one(self, x: Tensor) -> Tensor:
        """Compute 2 pi P at points (M, 2), given in standard deviations."""
        mean, std = self.moments()
        x = x.to(mean.dtype)
        standard = std.prod() * self.flow.log_prob(std * x + mean).exp()
        return 0.5 * (-0.5 * x.square().sum(1)).exp() + math.pi * standard

    def _grid(self, radius: float, points: int) -> Tensor:
        """Return points (points^2, 2) of a square around 0, x changing fastest."""
        loc = self.flow.loc
        axis = torch.linspace(
            -radius, radius, points, dtype=loc.dtype, device=loc.device
        )
        y, x = torch.meshgrid(axis, axis, indexing='ij')
        return torch.stack((x, y), dim=-1).view(-1, 2)

    @staticmethod
    def _widen(tensor: Tensor) -> Tensor:
        return tensor.float() if tensor.element_size() < 4 else tensor
