"""Checks of the layers that a config selects: convolution, norm, activation, init."""

from collections.abc import Mapping
from typing import Any

from mmengine.registry import WEIGHT_INITIALIZERS
from mmpose.registry import MODELS

from ...utils import ConfigError, choose_from
from ...utils.checks import is_list
from .build import SELECTORS, find_registered, signature_of


def check_layer_configs(owner: Any, **configs: Any) -> None:
    """Raise unless configs name registered layers or initializers.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **configs (dict, optional): ``norm_cfg``, ``act_cfg`` or ``conv_cfg``, which
            name one in MMPose's ``MODELS``, and ``init_cfg``, one or a list of
            MMEngine's ``WEIGHT_INITIALIZERS``. None is the class's own default.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for argument, cfg in configs.items():
        if cfg is None:
            continue
        registry = WEIGHT_INITIALIZERS if argument == 'init_cfg' else MODELS
        several = argument == 'init_cfg' and is_list(cfg)
        for part in cfg if several else [cfg]:
            _check_named(owner, argument, part, registry)


def _check_named(owner: Any, argument: str, cfg: Any, registry: Any) -> None:
    examples = dict(
        norm_cfg="dict(type='BN')",
        act_cfg="dict(type='ReLU')",
        conv_cfg="dict(type='Conv2d')",
        init_cfg="dict(type='Kaiming', layer='Conv2d')",
    )
    name = cfg.get('type') if isinstance(cfg, Mapping) else None
    kind = find_registered(registry, name)
    if kind is None:
        raise ConfigError(
            owner,
            argument,
            cfg,
            'names no registered layer or initializer',
            f'write for example {examples[argument]}',
        )
    if registry is MODELS:
        known, _ = signature_of(kind)
        extra = {*SELECTORS, 'requires_grad', 'inplace'}
        for name in sorted(set(cfg) - set(known or cfg) - extra):
            raise ConfigError(
                owner,
                argument,
                cfg,
                f'gives {getattr(kind, "__name__", kind)} the unknown argument {name}',
                choose_from(known or (), name),
            )
