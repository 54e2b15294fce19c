"""The identity, which switches a part off in an ablation."""

from mmpose.registry import MODELS
from torch import nn


@MODELS.register_module()
class Identity(nn.Identity):
    """Return the input; in a config it means that a part is left out.

    Accepts and ignores every argument, as :class:`torch.nn.Identity` does, so that an
    ablation changes only ``type``.

    Example:
        >>> Identity(in_channels=64)('the same')
        'the same'
    """
