"""Channel gate made of a one-dimensional convolution (SDHRNet, eqs. 5, 7 and 15).

It is the gate of "ECA-Net: Efficient Channel Attention for Deep Convolutional
Neural Networks", https://arxiv.org/abs/1910.03151, without the pooling and the product.
"""

import math

from mmengine.model import BaseModule
from torch import Tensor, nn

from ...utils.checks import check_bools, check_odd, check_positive_ints
from ..utils.layer_configs import check_layer_configs


def eca_kernel_size(channels: int, gamma: float = 2, b: float = 1) -> int:
    r"""Return the kernel size for a number of channels (eq. 5).

    :math:`|\log_2(C) / \gamma + b / \gamma|`, truncated, and raised by one where
    it is even. With the defaults: 3, 3, 5, 5 for 32, 64, 128, 256 channels.

    Args:
        channels (int): C.
        gamma (float): Divisor. Default: 2.
        b (float): Offset. Default: 1.

    Example:
        >>> [eca_kernel_size(channels) for channels in (32, 64, 128, 256)]
        [3, 3, 5, 5]
    """
    size = int(abs((math.log2(channels) + b) / gamma))
    return size if size % 2 else size + 1


class ECAGate(BaseModule):
    r"""Learn a weight per channel from the means of its neighbors.

    .. math:: g = \sigma(D_k(Y_A))

    with a convolution :math:`D_k` along the channels, without bias.

    Args:
        channels (int): C, which sets the kernel size.
        kernel_size (int, optional): Odd kernel size k. Default: eq. 5's.
        hard (bool): Whether :math:`\sigma` is the hard sigmoid. Default: False.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a value is not a positive integer, or k is even.

    Example:
        >>> import torch
        >>> ECAGate(32)(torch.rand(2, 32)).shape  # a weight for each channel
        torch.Size([2, 32])
    """

    def __init__(
        self,
        channels: int,
        kernel_size: int | None = None,
        hard: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_positive_ints('ECAGate', channels=channels)
        if kernel_size is None:
            kernel_size = eca_kernel_size(channels)
        check_odd('ECAGate', kernel_size=kernel_size)
        check_bools('ECAGate', hard=hard)
        check_layer_configs('ECAGate', init_cfg=init_cfg)
        self.conv = nn.Conv1d(1, 1, kernel_size, padding=kernel_size // 2, bias=False)
        self.act = nn.Hardsigmoid() if hard else nn.Sigmoid()

    def forward(self, pooled: Tensor) -> Tensor:
        """Return the weights, (N, C).

        Args:
            pooled (Tensor): Channel means, (N, C).
        """
        return self.act(self.conv(pooled.unsqueeze(1)).squeeze(1))
