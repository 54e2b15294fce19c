"""Checks of the layers that a config selects: convolution, norm, activation, init."""

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec

import torch
from mmcv.cnn import ConvModule
from mmengine.registry import WEIGHT_INITIALIZERS
from mmpose.registry import MODELS
from torch.nn import GroupNorm
from torch.nn.modules.batchnorm import _BatchNorm

from ...utils import ConfigError, choose_from
from ...utils.checks import check_numbers, is_list
from ...utils.errors import MissingOpError
from .build import SELECTORS, find_registered, signature_of

P = ParamSpec('P')
_WORKS: set[tuple] = set()
EXAMPLES = dict(
    norm_cfg="dict(type='BN')",
    act_cfg="dict(type='ReLU')",
    conv_cfg="dict(type='Conv2d')",
    init_cfg="dict(type='Kaiming', layer='Conv2d')",
)


def check_layer_configs(owner: Any, **configs: Any) -> None:
    """Raise unless configs name registered initializers, or layers for feature maps.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **configs (dict, optional): ``norm_cfg``, ``act_cfg`` or ``conv_cfg``, which
            name one in MMPose's ``MODELS``, and ``init_cfg``, one or a list of
            MMEngine's ``WEIGHT_INITIALIZERS``. None is the class's own default.

    Raises:
        ConfigError: If not; the error names the class, the argument and its value.
    """
    for argument, cfg in configs.items():
        if cfg is None:
            continue
        registry = WEIGHT_INITIALIZERS if argument == 'init_cfg' else MODELS
        several = argument == 'init_cfg' and is_list(cfg)
        for part in cfg if several else [cfg]:
            _check_named(owner, argument, part, registry)


def _check_named(owner: Any, argument: str, cfg: Any, registry: Any) -> None:
    name = cfg.get('type') if isinstance(cfg, Mapping) else None
    kind = find_registered(registry, name)
    if kind is None:
        raise ConfigError(
            owner,
            argument,
            cfg,
            'names no registered layer or initializer',
            f'write for example {EXAMPLES[argument]}',
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
        # Tried once: a network gives the same config to hundreds of layers.
        tried = argument, kind, repr(cfg)
        if tried not in _WORKS:
            _check_on_map(owner, argument, cfg)
            _WORKS.add(tried)


def _check_on_map(owner: Any, argument: str, cfg: Mapping) -> None:
    """Raise unless the layer works in a small convolution of MMCV."""
    if cfg.get('momentum') is not None:
        momentum = {f'{argument}.momentum': cfg['momentum']}
        check_numbers(owner, least=0, most=1, **momentum)
    groups = cfg.get('num_groups')
    width = groups if type(groups) is int and 0 < groups <= 512 else 1
    layers = {'act_cfg': None, argument: cfg}
    try:
        # The network's own weights start as they would without this trial.
        with torch.device('cpu'), torch.random.fork_rng(devices=()), torch.no_grad():
            trial = ConvModule(width, width, 3, stride=2, padding=1, **layers).eval()
            out = trial(torch.ones(2, width, 4, 4))
        if out.shape == (2, width, 2, 2) and out.isfinite().all():
            return
        problem = 'gives a map of another shape, or one with nan or infinite values'
    except MissingOpError:  # nothing can be tried
        return
    except Exception as error:
        reason = ' '.join(f'{type(error).__name__}: {error}'.split())
        problem = f'does not work on a feature map ({reason})'
    example = EXAMPLES[argument]
    if find_registered(MODELS, cfg['type']) is GroupNorm:
        example = "dict(type='GN', num_groups=8)"
    raise ConfigError(owner, argument, cfg, problem, f'write for example {example}')


def explain_norm_groups(init: Callable[P, None]) -> Callable[P, None]:
    """Decorate ``__init__`` so that it explains a GroupNorm that fits no layer.

    The widths of all norm layers are known only after the network is built. So the
    network is built again when its building fails, with batch norm and without memory
    for weights, and its widths are compared with ``num_groups``.

    Args:
        init (Callable): ``__init__`` of a class that takes ``norm_cfg``, or passes it
            on in ``**kwargs``.

    Returns:
        Callable: The same, with a ``ConfigError`` that names the class, ``norm_cfg``
        and the numbers of groups to choose from.
    """
    signature = inspect.signature(init)

    @functools.wraps(init)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            init(*args, **kwargs)
        except ValueError as error:
            explained = _unfit_groups(init, signature.bind(*args, **kwargs))
            if explained is None:
                raise
            raise explained from error

    return run


def _unfit_groups(init: Callable, given: inspect.BoundArguments) -> ConfigError | None:
    """Return the error for groups that do not divide all widths, or None."""
    named = 'norm_cfg' in given.signature.parameters
    own = given.arguments if named else given.arguments.get('kwargs', {})
    norm = own.get('norm_cfg')
    if not isinstance(norm, Mapping):
        return None
    groups = norm.get('num_groups')
    if type(groups) is not int or groups < 1:
        return None
    if find_registered(MODELS, norm['type']) is not GroupNorm:
        return None
    own['norm_cfg'] = dict(type='BN')
    owner, *args = given.args
    module = object.__new__(type(owner))
    try:
        with torch.device('meta'):
            init(module, *args, **given.kwargs)
    except ValueError:  # the cause is another argument
        return None
    layers = (m for m in module.modules() if isinstance(m, _BatchNorm))
    widths = sorted({layer.num_features for layer in layers})
    common = math.gcd(*widths)
    if common % groups == 0:
        return None
    fitting = [number for number in range(1, common + 1) if common % number == 0]
    return ConfigError(
        owner,
        'norm_cfg',
        norm,
        f'does not divide the channels of all norm layers, {widths}',
        f'choose num_groups from {fitting}',
    )
