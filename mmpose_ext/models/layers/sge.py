"""Spatial group-wise enhance (Li et al., 2019), as DAUNet uses it.

Paper: "Spatial Group-wise Enhance: Improving Semantic Feature Learning in
Convolutional Networks", https://arxiv.org/abs/1905.09646. DAUNet's eqs. 17-21
and Fig. 6; the number of groups and the initial gamma and beta are the original
paper's.
"""

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_divisible, check_numbers
from ..utils.layer_configs import check_layer_configs
from ..utils.precision import full_precision


@MODELS.register_module()
class SGE(BaseModule):
    r"""Gate each group of channels by its similarity to its spatial mean.

    .. math::
        c_i = \mathrm{mean}_j(x_j) \cdot x_i, \quad
        \hat c_i = \frac{c_i - \mu_c}{\sigma_c + \epsilon}, \quad
        \hat x_i = x_i \, \sigma(\gamma \hat c_i + \beta)

    at each position i of each group, with one :math:`\gamma` and :math:`\beta` per
    group and the standard deviation over the m positions (divided by m).

    Args:
        in_channels (int): Channels of the input and of the output.
        groups (int): Number of groups. Default: 64.
        eps (float): Added to the standard deviation. Default: 1e-5.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If the channels do not divide into ``groups``.

    Example:
        >>> import torch
        >>> SGE(64)(torch.rand(1, 64, 8, 8)).shape
        torch.Size([1, 64, 8, 8])
    """

    def __init__(
        self,
        in_channels: int,
        groups: int = 64,
        eps: float = 1e-5,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_divisible('SGE', 'in_channels', in_channels, groups=groups)
        check_numbers(self, least=0, eps=eps)
        check_layer_configs(self, init_cfg=init_cfg)
        self.groups = groups
        self.eps = eps
        self.gamma = nn.Parameter(torch.zeros(groups, 1, 1, 1))
        self.beta = nn.Parameter(torch.ones(groups, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the gated map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        n, c, h, w = x.shape
        # Products of even moderate inputs leave the range of half precision.
        with full_precision(x.device):
            wide = x.float() if x.element_size() < 4 else x
            gate = self._gate(wide.reshape(n, self.groups, c // self.groups, h, w))
        grouped = x.reshape(n, self.groups, c // self.groups, h, w)
        return (grouped * gate.to(x.dtype)).reshape(n, c, h, w)

    def _gate(self, grouped: Tensor) -> Tensor:
        """Return the gate (N, groups, 1, H, W) of (N, groups, C / groups, H, W)."""
        mean = grouped.mean((3, 4), keepdim=True)
        likeness = (grouped * mean).sum(2, keepdim=True)
        # The gradient of torch.std is 0 where a group is constant, as after a ReLU
        # without any positive input; that of a square root would be nan.
        std = likeness.std((3, 4), correction=0, keepdim=True)
        likeness = (likeness - likeness.mean((3, 4), keepdim=True)) / (std + self.eps)
        gamma, beta = self.gamma.to(likeness), self.beta.to(likeness)
        return (gamma * likeness + beta).sigmoid()
