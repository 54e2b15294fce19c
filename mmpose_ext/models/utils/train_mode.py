"""A ``train`` that can be chained."""

from typing import Any

from torch import nn


class ChainableTrain(nn.Module):
    """Mixin listed before MMPose's backbones, whose ``train`` and ``eval`` return None.

    Torch documents that both return the module: ``net = Net().eval()``.
    """

    def train(self, mode: bool = True) -> Any:
        """Switch the mode and return the module, as torch does.

        Args:
            mode (bool): Training or evaluation. Default: True.
        """
        super().train(mode)
        return self
