"""Forward pass of the residual blocks."""

from typing import Any

import torch.utils.checkpoint as cp
from torch import Tensor, nn


class ResidualForward(nn.Module):
    """Mixin before MMPose's residual blocks, for blocks with their own branch.

    The output is that of MMPose's ``BasicBlock`` and ``Bottleneck``: the branch plus
    the shortcut, then ReLU. With ``with_cp`` the branch is computed again in the
    backward pass, to save memory. A subclass defines ``_residual``, the branch.
    """

    with_cp: bool
    downsample: Any
    relu: Any

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, (N, out_channels, H / stride, W / stride).

        Args:
            x (Tensor): (N, in_channels, H, W).
        """
        branch = (
            cp.checkpoint(self._residual, x, use_reentrant=False)
            if self.with_cp and x.requires_grad
            else self._residual(x)
        )
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu(branch + identity)

    def _residual(self, x: Tensor) -> Tensor:
        raise NotImplementedError
