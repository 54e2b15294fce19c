"""Spatial rebuild unit: ScConv's spatial half (Li et al., CVPR 2023), in DAUNet.

Paper: "SCConv: Spatial and Channel Reconstruction Convolution for Feature
Redundancy", CVPR 2023. DAUNet's eqs. 8-10 and Fig. 5; its eq. 11 is missing and
follows the original paper's cross reconstruction.
"""

import math

import torch.nn.functional as F
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_divisible, check_even, check_numbers
from ..utils.layer_configs import check_layer_configs


@MODELS.register_module()
class SRU(BaseModule):
    r"""Separate what GroupNorm's scale marks as informative, and recombine.

    .. math::
        w_i = \varphi_i / \textstyle\sum_j \varphi_j, \quad
        r = \sigma(w \cdot \mathrm{GN}(x))

    Where r exceeds the threshold, the informative weight is 1 and the other 0;
    elsewhere both are r. With the halves a, b of the channels of the two weighted
    maps :math:`x_1, x_2`, the result is :math:`[x_{1a} + x_{2b}, x_{1b} + x_{2a}]`.

    A hard 0/1 gate would leave :math:`\varphi` without a gradient. As in the paper,
    the sum of :math:`\varphi` may become zero.

    Args:
        in_channels (int): Channels of the input and of the output, even.
        groups (int): Groups of the GroupNorm. Default: 16.
        threshold (float): Threshold of the gate, in (0, 1). Default: 0.5.
        eps (float): :math:`\lambda` of eq. 8. Default: 1e-5.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If the channels do not divide into ``groups`` or halves, or
            the threshold is outside (0, 1).

    Example:
        >>> import torch
        >>> SRU(32)(torch.rand(1, 32, 8, 8)).shape
        torch.Size([1, 32, 8, 8])
    """

    def __init__(
        self,
        in_channels: int,
        groups: int = 16,
        threshold: float = 0.5,
        eps: float = 1e-5,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_divisible('SRU', 'in_channels', in_channels, groups=groups)
        check_even('SRU', in_channels=in_channels)
        check_numbers('SRU', above=0, below=1, threshold=threshold)
        check_numbers('SRU', least=0, eps=eps)
        check_layer_configs('SRU', init_cfg=init_cfg)
        self.norm = nn.GroupNorm(groups, in_channels, eps=eps)
        self.threshold = threshold
        # The gate opens where the logit exceeds the threshold's: its sigmoid rounds
        # to 0.5 in half precision, since w is about 1 / C.
        self.logit = math.log(threshold / (1 - threshold))

    def forward(self, x: Tensor) -> Tensor:
        """Return the recombined map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        norm = self.norm
        importance = norm.weight / norm.weight.sum()
        # w * GN(x), with w folded into the affine part to save a pass over the map.
        weighted = F.group_norm(
            x,
            norm.num_groups,
            norm.weight * importance,
            norm.bias * importance,
            norm.eps,
        )
        gate = weighted.sigmoid()
        # On a CPU, products with a mask are faster than torch.where.
        informative = x * (weighted > self.logit).to(x.dtype)
        rest = (x - informative) * gate
        # With x1 = informative + rest and x2 = rest, both halves of the result
        # contain the sum of the halves of `rest`.
        rest_a, rest_b = rest.chunk(2, dim=1)
        n, c, h, w = x.shape
        halves = informative.view(n, 2, c // 2, h, w)
        return (halves + (rest_a + rest_b).unsqueeze(1)).view(n, c, h, w)
