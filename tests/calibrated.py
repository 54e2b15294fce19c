"""Norm layers as after a training.

A fresh norm layer that evaluates is the identity, so that what stands before and behind
it could be exchanged unseen.
"""

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def calibrate(module: nn.Module, seed: int = 0) -> nn.Module:
    """Give every norm layer statistics and an affine part of its own.

    Args:
        module (nn.Module): Changed in place.
        seed (int): Of the random numbers. Default: 0.

    Returns:
        nn.Module: The same, evaluating.
    """
    generator = torch.Generator().manual_seed(seed)

    def fill(tensor: torch.Tensor, low: float, high: float) -> None:
        values = torch.rand(tensor.shape, generator=generator, dtype=torch.float64)
        tensor.copy_(low + (high - low) * values)

    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, _BatchNorm):
                fill(layer.running_mean, -0.5, 0.5)
                fill(layer.running_var, 0.2, 2.0)
            if isinstance(layer, (_BatchNorm, nn.GroupNorm)) and layer.affine:
                fill(layer.weight, 0.5, 1.5)
                fill(layer.bias, -0.5, 0.5)
    module.eval()
    return module
