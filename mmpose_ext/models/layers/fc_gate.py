"""Channel gate made of two fully connected layers (SDHRNet, eqs. 6, 10 and 11).

It is the excitation of "Squeeze-and-Excitation Networks",
https://arxiv.org/abs/1709.01507, without the pooling and the product.
"""

from mmengine.model import BaseModule
from torch import Tensor, nn

from ...utils import ConfigError
from ...utils.checks import check_positive_ints
from ..utils.layer_configs import check_layer_configs


class FCGate(BaseModule):
    r"""Learn a weight per channel from all channel means.

    .. math:: g = \sigma(W_2\,\mathrm{ReLU}(W_1 Y_A + b_1) + b_2)

    with C / r hidden units. There are 2 C C / r weights (eq. 10); the C + C / r biases
    are missing in the paper's equations but counted in its totals.

    Args:
        channels (int): C.
        reduction (int): r. Default: 4, as in eq. 12.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a value is not a positive integer, or r exceeds C.

    Example:
        >>> import torch
        >>> FCGate(32)(torch.rand(2, 32)).shape  # a weight for each channel
        torch.Size([2, 32])
    """

    def __init__(
        self, channels: int, reduction: int = 4, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('FCGate', channels=channels, reduction=reduction)
        if reduction > channels:
            raise ConfigError(
                self,
                'reduction',
                reduction,
                f'leaves no unit of channels={channels}',
                f'choose 1 to {channels}',
            )
        check_layer_configs(self, init_cfg=init_cfg)
        self.fc1 = nn.Linear(channels, channels // reduction)
        self.relu = nn.ReLU(inplace=True)
        self.fc2 = nn.Linear(channels // reduction, channels)

    def forward(self, pooled: Tensor) -> Tensor:
        """Return the weights in (0, 1), (N, C).

        Args:
            pooled (Tensor): Channel means, (N, C).
        """
        return self.fc2(self.relu(self.fc1(pooled))).sigmoid()
