"""Channel rebuild unit: ScConv's channel half (Li et al., CVPR 2023), in DAUNet.

Paper: "SCConv: Spatial and Channel Reconstruction Convolution for Feature
Redundancy", CVPR 2023. DAUNet's eqs. 12-16 and Fig. 5; split, squeeze, groups
and kernel are the original paper's.
"""

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ...utils.checks import (
    check_divisible,
    check_numbers,
    check_odd,
    check_positive_ints,
)
from ..utils.layer_configs import check_layer_configs


@MODELS.register_module()
class CRU(BaseModule):
    r"""Split the channels, transform each part, and weigh the results.

    .. math::
        Y_1 = M^G X_{up} + M^{P_1} X_{up}, \quad Y_2 = [M^{P_2} X_{low}, X_{low}] \\
        \beta_1, \beta_2 = \mathrm{softmax}(\mathrm{mean}\,Y_1, \mathrm{mean}\,Y_2),
        \quad Y = \beta_1 Y_1 + \beta_2 Y_2

    where 1x1 convolutions have squeezed both parts, :math:`M^G` is a grouped 3x3
    and :math:`M^P` are 1x1 convolutions. The soft-max runs over the two branches for
    each channel, as in eq. 15.

    Args:
        in_channels (int): Channels C of the input and of the output.
        split (float): :math:`\sigma`; the upper part has C * split channels.
            Default: 0.5.
        squeeze (int): r; both parts are squeezed by it. Default: 2.
        groups (int): Groups of the grouped convolution. Default: 2.
        kernel_size (int): Odd side of the grouped convolution. Default: 3.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If the parts or groups are not whole numbers of channels.

    Example:
        >>> import torch
        >>> CRU(16)(torch.rand(1, 16, 8, 8)).shape
        torch.Size([1, 16, 8, 8])
    """

    def __init__(
        self,
        in_channels: int,
        split: float = 0.5,
        squeeze: int = 2,
        groups: int = 2,
        kernel_size: int = 3,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('CRU', in_channels=in_channels)
        check_odd('CRU', kernel_size=kernel_size)
        check_numbers(self, above=0, below=1, split=split)
        check_layer_configs(self, init_cfg=init_cfg)
        upper = round(in_channels * split)
        if upper != in_channels * split or upper in (0, in_channels):
            raise ConfigError(
                self,
                'split',
                split,
                f'does not give whole parts of in_channels={in_channels}',
                'choose 0.5, for example',
            )
        self.parts = (upper, in_channels - upper)
        for part in self.parts:
            check_divisible('CRU', 'part of in_channels', part, squeeze=squeeze)
        upper, lower = (part // squeeze for part in self.parts)
        check_divisible('CRU', 'in_channels', in_channels, groups=groups)
        check_divisible('CRU', 'squeezed upper part', upper, groups=groups)
        self.squeeze_up = nn.Conv2d(self.parts[0], upper, 1, bias=False)
        self.squeeze_low = nn.Conv2d(self.parts[1], lower, 1, bias=False)
        self.groupwise = nn.Conv2d(
            upper, in_channels, kernel_size, padding=kernel_size // 2, groups=groups
        )
        self.pointwise_up = nn.Conv2d(upper, in_channels, 1, bias=False)
        self.pointwise_low = nn.Conv2d(lower, in_channels - lower, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the rebuilt map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        up, low = x.split(self.parts, dim=1)
        up, low = self.squeeze_up(up), self.squeeze_low(low)
        first = self.groupwise(up) + self.pointwise_up(up)
        second = torch.cat((self.pointwise_low(low), low), dim=1)
        # A soft-max over two is a sigmoid of the difference.
        means = (first.mean((2, 3), keepdim=True), second.mean((2, 3), keepdim=True))
        return torch.lerp(second, first, (means[0] - means[1]).sigmoid())
