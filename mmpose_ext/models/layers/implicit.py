"""Implicit knowledge (Wang et al., 2021), as LRFG-YOLOPose uses it.

Paper: "You Only Learn One Representation: Unified Network for Multiple Tasks",
https://arxiv.org/abs/2105.04206. It gives LRFG-YOLOPose's eqs. 6-8, where the fusion of
eq. 8 is one of these two layers.
"""

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_numbers, check_positive_ints


class _Implicit(nn.Module):
    """A learned vector with one number per channel, independent of the input.

    Args:
        in_channels (int): Channels C.
        mean (float): Mean of the initial values.
        std (float): Their standard deviation.

    Raises:
        ConfigError: If ``in_channels`` is not a positive integer, or ``std`` negative.
    """

    def __init__(self, in_channels: int, mean: float, std: float) -> None:
        super().__init__()
        check_positive_ints(self, in_channels=in_channels)
        check_numbers(self, least=0, std=std)
        self.implicit = nn.Parameter(torch.empty(1, in_channels, 1, 1))
        nn.init.normal_(self.implicit, mean=mean, std=std)


@MODELS.register_module()
class ImplicitAdd(_Implicit):
    """Add the implicit vector, x + z: a shift of the feature space.

    Args:
        in_channels (int): Channels C.
        std (float): Standard deviation of the initial values around 0. Default: 0.02,
            as in the original paper's code.

    Raises:
        ConfigError: If ``in_channels`` is not a positive integer, or ``std`` negative.

    Example:
        >>> ImplicitAdd(4, std=0.0)(torch.ones(1, 4, 1, 1)).flatten()
        tensor([1., 1., 1., 1.], grad_fn=<...>)
    """

    def __init__(self, in_channels: int, std: float = 0.02) -> None:
        super().__init__(in_channels, mean=0.0, std=std)

    def forward(self, x: Tensor) -> Tensor:
        """Return x + z, (N, C, H, W).

        Args:
            x (Tensor): (N, C, H, W).
        """
        return x + self.implicit


@MODELS.register_module()
class ImplicitMultiply(_Implicit):
    """Multiply by the implicit vector, x * z: a scaling of the feature space.

    Args:
        in_channels (int): Channels C.
        std (float): Standard deviation of the initial values around 1. Default: 0.02,
            as in the original paper's code.

    Raises:
        ConfigError: If ``in_channels`` is not a positive integer, or ``std`` negative.

    Example:
        >>> ImplicitMultiply(4, std=0.0)(torch.ones(1, 4, 1, 1)).flatten()
        tensor([1., 1., 1., 1.], grad_fn=<...>)
    """

    def __init__(self, in_channels: int, std: float = 0.02) -> None:
        super().__init__(in_channels, mean=1.0, std=std)

    def forward(self, x: Tensor) -> Tensor:
        """Return x * z, (N, C, H, W).

        Args:
            x (Tensor): (N, C, H, W).
        """
        return x * self.implicit
