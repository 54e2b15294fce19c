"""Builds a part that a config selects, with an error that helps."""

from typing import Any

from mmpose.registry import MODELS
from torch import nn

from ...utils.errors import ConfigError

# Parts of this project that map (N, C, H, W) to the same shape and take
# `in_channels`; any other registered layer of that kind works as well.
ATTENTIONS = ('CoordAttention', 'SCRU', 'SGE', 'StripPooling', 'Identity')


def build_attention(
    cfg: Any, in_channels: int, owner: str, argument: str = 'attention'
) -> nn.Module:
    """Build a layer that keeps the shape of its input.

    Args:
        cfg (dict): ``dict(type=..., **arguments)`` of a layer registered in
            ``mmpose.registry.MODELS`` which takes ``in_channels``.
        in_channels (int): Channels of its input and output.
        owner (str): The class whose argument it is, for the error.
        argument (str): The argument's name, for the error.

    Returns:
        nn.Module: The layer.

    Raises:
        ValueError: If ``cfg`` is no such dict or names no registered layer.
    """
    name = cfg.get('type') if isinstance(cfg, dict) else None
    known = name is not None and (
        not isinstance(name, str) or MODELS.get(name) is not None
    )
    if not known:
        raise ConfigError(
            f'{owner}: {argument}={cfg!r} names no registered layer; choose '
            f'dict(type=...) with one of {", ".join(ATTENTIONS)}, or register '
            'your own in mmpose.registry.MODELS'
        )
    return MODELS.build({**cfg, 'in_channels': in_channels})
