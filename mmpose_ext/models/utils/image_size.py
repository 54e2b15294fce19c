"""Check of the input size, shared by the backbones."""

from typing import Any

import torch
from torch import Tensor

from ...utils import ConfigError


def check_image_size(
    owner: Any, image: Tensor, divisor: int, reason: str, stem: int = 1
) -> None:
    """Raise unless both sides of a batch of images are multiples of the stride.

    Traced and compiled networks are not checked: there the sides are not numbers.

    Args:
        owner (str | type | object): The network.
        image (Tensor): (N, C, H, W).
        divisor (int): The largest stride of the network.
        reason (str): What fails otherwise, as in "the decoder cannot join its maps".
        stem (int): Stride of the first layers if they round up: then only the sides of
            their output must be multiples. Default: 1.

    Raises:
        ConfigError: If they are not; the error names the size and the next one that
            fits.
    """
    if torch.jit.is_tracing() or torch.compiler.is_compiling():
        return
    height, width = image.shape[2:]
    if any(-(-side // stem) % (divisor // stem) for side in (height, width)):
        up = tuple(-(-side // divisor) * divisor for side in (width, height))
        raise ConfigError(
            owner,
            'input size (w, h)',
            (width, height),
            f'must be multiples of {divisor}, or {reason}',
            f"set the codec's or the resizing's input_size to {up}, or pad to it with "
            f'pad_size_divisor={divisor} of the data preprocessor',
        )
