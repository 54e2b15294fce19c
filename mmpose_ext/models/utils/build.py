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
    return build_part(cfg, dict(in_channels=in_channels), owner, argument, ATTENTIONS)


def build_part(
    cfg: Any, fixed: dict, owner: str, argument: str, choices: tuple[str, ...]
) -> nn.Module:
    """Build a registered layer that a config selects.

    Args:
        cfg (dict): ``dict(type=..., **arguments)`` of a layer registered in
            ``mmpose.registry.MODELS``.
        fixed (dict): Arguments that ``owner`` gives it: of these, the config
            overrides norm and activation alone.
        owner (str): The class whose argument it is, for the error.
        argument (str): The argument's name, for the error.
        choices (tuple[str, ...]): Names to suggest in the error.

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
            f'dict(type=...) with one of {", ".join(choices)}, or register '
            'your own in mmpose.registry.MODELS'
        )
    own = {key: cfg[key] for key in ('norm_cfg', 'act_cfg') if key in cfg}
    return MODELS.build({**cfg, **fixed, **own})
