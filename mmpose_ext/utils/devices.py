"""Checks devices that a user names."""

import torch

from .errors import UserError


def check_device(name: str | torch.device) -> torch.device:
    """Return a device, or say that it cannot be used here.

    >>> check_device('cpu')
    device(type='cpu')
    >>> check_device('gpu')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: --device gpu: this device cannot be used ...

    Args:
        name (str | torch.device): The device, such as ``'cpu'`` or ``'cuda:0'``.

    Returns:
        torch.device: The device.

    Raises:
        UserError: If the name is unknown or the device is absent.
    """
    try:
        place = torch.device(name)
        torch.empty(0, device=place)
    # The error's type depends on the device and the build of PyTorch.
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UserError(
            f'--device {name}: this device cannot be used here',
            'use --device cpu, or cuda on a machine with a GPU',
        ) from error
    return place
