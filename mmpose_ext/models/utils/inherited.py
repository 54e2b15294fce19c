"""Checks of the arguments that networks pass to their base classes in MMPose.

Without them, the base classes fail with an assertion, or later with a torch error.
"""

from collections.abc import Callable
from typing import Any

from mmpose.registry import KEYPOINT_CODECS, MODELS

from ...utils import ConfigError, choose_from
from ...utils.checks import check_bools, check_positive_int_lists, check_positive_ints
from .build import check_arguments, find_registered
from .layer_configs import check_layer_configs

# Layers that MMPose's HeatmapHead has by default.
_HEAD_WIDTHS: dict[str, tuple[int, ...]] = dict(deconv=(256, 256, 256), conv=())


def check_inherited(owner: Any, num_stages: int = 0, **values: Any) -> None:
    """Raise unless inherited arguments have usable values.

    Args:
        owner (str | type | object): The class whose arguments they are.
        num_stages (int): Stages of a backbone, for ``frozen_stages``.
        **values (Any): The arguments by name; names that are not known here are left to
            the base class.

    Raises:
        ConfigError: If not; the error names the class, the argument and its value.
    """
    for name, value in values.items():
        if name == 'frozen_stages':
            check_frozen_stages(owner, value, num_stages)
        elif name in _CHECKS:
            _CHECKS[name](owner, **{name: value})
    for part in ('deconv', 'conv'):
        name = f'{part}_out_channels'
        widths = tuple(values.get(name, _HEAD_WIDTHS[part]) or ())
        kernels = values.get(f'{part}_kernel_sizes', widths) or ()
        if len(widths) != len(kernels):
            raise ConfigError(
                owner,
                f'{part}_kernel_sizes',
                kernels,
                f'differs in length from {name}={widths}',
                'give one kernel size for each',
            )


def check_frozen_stages(owner: Any, value: Any, num_stages: int) -> None:
    """Raise unless a backbone has the stages that are to be frozen.

    Args:
        owner (str | type | object): The backbone.
        value (int): ``frozen_stages``.
        num_stages (int): The number of its stages.

    Raises:
        ConfigError: If not; the error names the class, the argument and its value.
    """
    if isinstance(value, bool) or value not in range(-1, num_stages + 1):
        raise ConfigError(
            owner,
            'frozen_stages',
            value,
            'is not a number of stages',
            f'choose from -1 (none), 0 (the stem), 1 to {num_stages}',
        )


def _optional(check: Callable) -> Callable:
    def run(owner: Any, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        check(owner, **given)

    return run


def _check_kernel_sizes(owner: Any, **values: Any) -> None:
    for name, value in values.items():
        if value is not None and value != ():
            check_positive_int_lists(owner, **{name: value})


def _check_final_layer(owner: Any, **values: Any) -> None:
    for name, value in values.items():
        if value is not None and not isinstance(value, dict):
            raise ConfigError(
                owner, name, value, 'must be a dict', 'write dict(kernel_size=1)'
            )
        if value is not None:
            check_positive_ints(owner, **{name: value.get('kernel_size', 1)})
            _check_convolution(owner, name, value)


def _check_convolution(owner: Any, name: str, value: dict) -> None:
    kind = find_registered(MODELS, value.get('type', 'Conv2d'))
    if kind is None:
        raise ConfigError(
            owner, name, value, 'names no registered layer', "write type='Conv2d'"
        )
    own = {key: v for key, v in value.items() if key != 'type'}
    widths = ('in_channels', 'out_channels', 'kernel_size')
    check_arguments(owner, name, own, kind, widths)


def _check_norm(owner: Any, **values: Any) -> None:
    for name, value in values.items():
        if value is None:
            raise ConfigError(
                owner, name, value, 'must be a dict', "write dict(type='BN')"
            )
        check_layer_configs(owner, **{name: value})


def _check_registered(registry: Any) -> Callable:
    def run(owner: Any, **values: Any) -> None:
        for name, value in values.items():
            kind = value.get('type') if isinstance(value, dict) else None
            found = find_registered(registry, kind)
            if found is None:
                choices = choose_from(registry, kind) if kind else 'write dict(type=..)'
                raise ConfigError(
                    owner, name, value, 'names no registered part', choices
                )
            own = {key: v for key, v in value.items() if key != 'type'}
            check_arguments(owner, name, own, found)

    return run


_CHECKS: dict[str, Callable] = {
    **dict.fromkeys(
        (
            'in_channels',
            'out_channels',
            'stem_channels',
            'base_channels',
            'num_stages',
            'stride',
            'dilation',
        ),
        check_positive_ints,
    ),
    'expansion': _optional(check_positive_ints),
    **dict.fromkeys(('strides', 'dilations'), check_positive_int_lists),
    **dict.fromkeys(
        (
            'deconv_out_channels',
            'conv_out_channels',
            'deconv_kernel_sizes',
            'conv_kernel_sizes',
        ),
        _check_kernel_sizes,
    ),
    'final_layer': _check_final_layer,
    'loss': _check_registered(MODELS),
    'decoder': _optional(_check_registered(KEYPOINT_CODECS)),
    **dict.fromkeys(
        (
            'norm_eval',
            'with_cp',
            'zero_init_residual',
            'deep_stem',
            'avg_down',
            'use_depthwise',
            'add_identity',
            'channel_attention',
            'use_cspnext_block',
            'multiscale_output',
        ),
        check_bools,
    ),
    **dict.fromkeys(('act_cfg', 'conv_cfg', 'init_cfg'), check_layer_configs),
    'norm_cfg': _check_norm,
}
