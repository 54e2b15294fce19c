"""Check that weights fit the network into which they are loaded.

MMEngine only warns about names that do not match, so a run with a checkpoint of
another network continues with random weights. The check is a pre-hook of
:meth:`torch.nn.Module.load_state_dict` on every pose estimator and its backbone. It
therefore covers ``load_from``, ``--resume``, ``--checkpoint``, ``init_model``, the
inferencer and ``init_cfg``. PyTorch's hook for module registration, which is
common to all modules, puts it there.
"""

import functools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mmpose.models.pose_estimators.base import BasePoseEstimator
from torch import Tensor, nn
from torch.nn.modules.module import register_module_module_registration_hook

from .checkpoint import CheckpointError, source_of

# Set to 1 to load all matching tensors, however few.
ALLOW_PARTIAL = 'MMPOSE_EXT_PARTIAL_WEIGHTS'
# Minimum share of the network's tensors that a checkpoint must contain. In every
# network here, the backbone alone has more than that.
MIN_SHARE = 0.5
_required = ContextVar('required share of weights', default=MIN_SHARE)
# How many names of each kind are printed.
_SHOWN = 3


def _listed(names: Iterable[str]) -> str:
    names = sorted(names)
    more = f' and {len(names) - _SHOWN} more' if len(names) > _SHOWN else ''
    return ', '.join(names[:_SHOWN]) + more


def _counted(state: dict[str, Any]) -> dict[str, Any]:
    """Select learned tensors; counters of batches fit any network."""
    return {k: v for k, v in state.items() if not k.endswith('num_batches_tracked')}


def check_match(
    module: nn.Module, state: dict[str, Tensor], min_share: float = MIN_SHARE
) -> None:
    """Raise unless enough of a network's tensors are in a state dict.

    Args:
        module (nn.Module): The network.
        state (dict[str, Tensor]): The weights, by name.
        min_share (float): Minimum share of the network's tensors, from 0 to 1, that
            must be present with the same name, shape and kind of numbers. Default: 0.5.

    Raises:
        CheckpointError: If fewer match; the message lists the differences.

    Examples:
        >>> from torch import nn
        >>> weights = nn.Linear(3, 4).state_dict()
        >>> check_match(nn.Linear(3, 4), weights)
        >>> check_match(nn.Linear(3, 5), weights)
        Traceback (most recent call last):
        ...
        mmpose_ext.compat.checkpoint.CheckpointError: ...
    """
    wanted, given = _counted(module.state_dict()), _counted(state)
    shared = [name for name in wanted if name in given]
    reshaped = [
        name
        for name in shared
        if not isinstance(given[name], Tensor)
        or given[name].shape != wanted[name].shape
    ]
    retyped = [
        name
        for name in set(shared) - set(reshaped)
        if given[name].is_floating_point() != wanted[name].is_floating_point()
    ]
    fitting = len(shared) - len(reshaped) - len(retyped)
    if not wanted or fitting >= min_share * len(wanted):
        return
    differences = (
        ('missing', set(wanted) - set(given)),
        ('unexpected', set(given) - set(wanted)),
        ('of another shape', reshaped),
        ('integers for fractions, or the reverse', retyped),
    )
    what = (
        f'{source_of(state) or "the checkpoint"} does not fit {type(module).__name__}:'
        f' {fitting} of its {len(wanted)} tensors match'
    )
    named = [f'{kind}: {_listed(names)}' for kind, names in differences if names]
    raise CheckpointError(
        '; '.join([what, *named]),
        'give the checkpoint that was trained with this config, or set '
        f'{ALLOW_PARTIAL}=1 to load what matches',
    )


def check_unless_partial(module: nn.Module, state: dict[str, Tensor]) -> None:
    """Check weights like :func:`check_match`, unless the user allows any share.

    Args:
        module (nn.Module): The network.
        state (dict[str, Tensor]): The weights, by name.

    Raises:
        CheckpointError: If fewer match than the run asks for, and
            ``MMPOSE_EXT_PARTIAL_WEIGHTS`` is not set.
    """
    if os.environ.get(ALLOW_PARTIAL, '0') in ('', '0'):
        check_match(module, state, _required.get())


def _before_load(
    module: nn.Module, state_dict: dict[str, Tensor], prefix: str, *_: Any
) -> None:
    # For a part of a larger network, the whole network is checked instead.
    if not prefix:
        check_unless_partial(module, state_dict)


@contextmanager
def all_weights_required() -> Iterator[None]:
    """Refuse a checkpoint that leaves any tensor of a network as it was.

    Training may start from a part of the weights, a backbone's for example; predictions
    of a random head are meaningless.
    """
    token = _required.set(1.0)
    try:
        yield
    finally:
        _required.reset(token)


def _on_registration(module: nn.Module, name: str, part: nn.Module | None) -> None:
    if name != 'backbone' or part is None or not isinstance(module, BasePoseEstimator):
        return
    for checked in (module, part):
        # Public only since torch 2.5, under a name without the underscore.
        checked._register_load_state_dict_pre_hook(_before_load, with_module=True)


@functools.cache  # once
def install_weight_check() -> None:
    """Check weights on every pose estimator built from now on."""
    register_module_module_registration_hook(_on_registration)
