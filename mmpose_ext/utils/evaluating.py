"""Context manager for evaluation mode."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def evaluating(*models: nn.Module) -> Iterator[None]:
    """Put models into evaluation mode, and restore every module's mode afterwards.

    Modules are restored one by one, so parts that were in evaluation mode before stay
    in it.

    >>> model = nn.Sequential(nn.Conv2d(3, 8, 1), nn.BatchNorm2d(8).eval())
    >>> with evaluating(model):
    ...     [module.training for module in model]
    [False, False]
    >>> [module.training for module in model]
    [True, False]

    Args:
        *models (nn.Module): The models.
    """
    modes = [
        (module, module.training) for model in models for module in model.modules()
    ]
    for model in models:
        model.eval()  # not chained: MMPose's HRNet.train() returns None
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
