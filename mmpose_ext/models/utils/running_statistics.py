"""Keeps a forward pass out of the running statistics of batch norm."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


@contextmanager
def untracked_statistics(module: nn.Module) -> Iterator[None]:
    """Keep the running statistics of every batch norm inside ``module``.

    In training, batch norm still normalizes by the batch; in evaluation, by the running
    statistics. This is for a second pass over the same batch, which would otherwise
    count twice.

    Args:
        module (nn.Module): The module that is called inside the context.
    """
    norms = [m for m in module.modules() if isinstance(m, _BatchNorm)]
    tracked = [norm.track_running_stats for norm in norms]
    try:
        for norm in norms:
            norm.track_running_stats = False
        yield
    finally:
        for norm, track in zip(norms, tracked, strict=True):
            norm.track_running_stats = track
