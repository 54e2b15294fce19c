"""Float32 inside mixed precision."""

from contextlib import AbstractContextManager, nullcontext

import torch


def full_precision(device: torch.device) -> AbstractContextManager:
    """Return a context without autocast; nothing changes on the device ``meta``.

    Args:
        device (torch.device): Device to use.
    """
    if device.type == 'meta':  # autocast does not know it
        return nullcontext()
    return torch.autocast(device.type, enabled=False)
