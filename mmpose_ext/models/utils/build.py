"""Building of parts that a config selects, with errors that list the choices."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from mmengine.registry import Registry
from mmpose.registry import MODELS
from torch import nn

from ...utils import ConfigError, choose_from
from ...utils.errors import list_choices

# Entries of a config that are not arguments of the class.
SELECTORS = ('type', '_scope_')
# Folders of MMPose's and this package's layout whose classes are whole networks.
_NETWORKS = {'backbones', 'necks', 'heads', 'pose_estimators', 'distillers'}


def is_layer(kind: type) -> bool:
    """Return whether a registered class is a layer, neither a network nor a loss.

    Args:
        kind (type): The class.
    """
    folders = set(kind.__module__.split('.'))
    return not (folders & _NETWORKS or is_loss(kind))


def is_loss(kind: type) -> bool:
    """Return whether a registered class is a loss, by its name.

    Args:
        kind (type): The class.
    """
    return kind.__name__.endswith('Loss')


def subclass_of(*bases: type) -> Callable[[type], bool]:
    """Return a test for subclasses, as :func:`build_part` takes it.

    Args:
        *bases (type): The base classes.
    """
    return lambda kind: issubclass(kind, bases)


def build_attention(
    cfg: Any,
    in_channels: int,
    owner: Any,
    argument: str = 'attention',
    offered: dict[str, Any] | None = None,
) -> nn.Module:
    """Build a layer that keeps the shape of its input.

    Args:
        cfg (dict): ``dict(type=..., **arguments)`` of a layer registered in
            ``mmpose.registry.MODELS`` which takes ``in_channels``.
        in_channels (int): Channels of its input and output.
        owner (str | type | object): The class whose argument it is, for the error.
        argument (str): The argument's name, for the error.
        offered (dict, optional): See :func:`build_part`.

    Returns:
        nn.Module: The layer.

    Raises:
        ConfigError: See :func:`build_part`.
    """
    fixed = dict(in_channels=in_channels)
    return build_part(cfg, fixed, owner, argument, offered=offered)


def build_part(
    cfg: Any,
    fixed: dict[str, Any],
    owner: Any,
    argument: str,
    suggest: Callable[[type], bool] = is_layer,
    offered: dict[str, Any] | None = None,
) -> nn.Module:
    """Build a registered layer that a config selects.

    Args:
        cfg (dict): ``dict(type=..., **arguments)`` of a layer registered in
            ``mmpose.registry.MODELS``.
        fixed (dict): Arguments that ``owner`` gives it, whatever the config says.
        owner (str | type | object): The class whose argument it is, for the error.
        argument (str): The argument's name, for the error.
        suggest (Callable): Which registered classes the error suggests, among those
            that take ``fixed`` and need nothing else. Default: all layers.
        offered (dict, optional): Arguments such as ``norm_cfg`` that the layer gets
            if it takes them and the config does not give them; None is not offered.

    Returns:
        nn.Module: The layer.

    Raises:
        ConfigError: If ``cfg`` is not such a dict, names no registered layer, has an
            argument that the layer does not accept, or lacks one that it needs.
    """
    name = cfg.get('type') if isinstance(cfg, dict) else None
    kind = find_registered(MODELS, name)
    if kind is None:
        choices = choose_from(fitting_parts(fixed, suggest), name)
        raise ConfigError(
            owner,
            argument,
            cfg,
            'names no registered layer',
            f'write dict(type=...): {choices}, or register your own in '
            'mmpose.registry.MODELS',
        )
    known, _ = signature_of(kind)
    taken = {
        key: value
        for key, value in (offered or {}).items()
        if value is not None and key in (known or ())
    }
    given = {**taken, **cfg, **fixed}
    own = {key: value for key, value in given.items() if key not in SELECTORS}
    check_arguments(owner, argument, own, kind)
    return MODELS.build(given)


def find_registered(registry: Registry, name: Any) -> Callable | None:
    """Return the class of a config's ``type``, or None if there is none.

    Args:
        registry (Registry): Where names are looked up.
        name (Any): The name, or the class itself.
    """
    found = registry.get(name) if isinstance(name, str) and name else name
    return found if callable(found) else None


def check_arguments(
    owner: Any, argument: str, cfg: Any, kind: Callable, fixed: Iterable[str] = ()
) -> None:
    """Raise unless a class takes the arguments that a config gives it.

    Args:
        owner (str | type | object): The class whose argument it is.
        argument (str): The argument's name.
        cfg (dict): The arguments that a config gives.
        kind (Callable): The class that is built.
        fixed (Iterable[str]): Names of the other arguments that it gets.

    Raises:
        ConfigError: If ``cfg`` is not a dict, or an argument is unknown or missing.
    """
    if not isinstance(cfg, dict):
        raise ConfigError(owner, argument, cfg, 'must be a dict', 'write dict(...)')
    known, needed = signature_of(kind)
    given = {*cfg, *fixed}
    name = getattr(kind, '__name__', str(kind))
    if unknown := sorted(given - set(known)) if known is not None else []:
        raise ConfigError(
            owner,
            argument,
            cfg,
            f'gives {name} the unknown argument {unknown[0]}',
            choose_from(known or (), unknown[0]),
        )
    if missing := sorted(needed - given):
        raise ConfigError(
            owner,
            argument,
            cfg,
            f'lacks the argument {missing[0]} of {name}',
            f'add {missing[0]}=..., or choose another type',
        )


def fitting_parts(
    fixed: Iterable[str], suggest: Callable[[type], bool] = is_layer
) -> list[str]:
    """Return the registered names that can be built from the given arguments only.

    They are read from ``mmpose.registry.MODELS`` and its parents, so that there is no
    list to extend for a new layer.

    Args:
        fixed (Iterable[str]): Names of the arguments.
        suggest (Callable): Which of the classes to take.
    """
    names = []
    for name in list_choices(MODELS):
        kind = MODELS.get(name)
        if inspect.isclass(kind) and issubclass(kind, nn.Module) and suggest(kind):
            known, needed = signature_of(kind)
            if needed <= set(fixed) and (known is None or set(fixed) <= set(known)):
                names.append(name)
    return names


def signature_of(kind: Callable) -> tuple[list[str] | None, set[str]]:
    """Return the arguments of a class: all that it accepts, and those it requires.

    If ``__init__`` passes ``**kwargs`` on, those of its base classes count too.

    Args:
        kind (Callable): The class, or a function that builds.

    Returns:
        tuple: The names in order, None if it takes any; and the names of those
        without a default.
    """
    known: list[str] = []
    needed: set[str] = set()
    own = [
        base.__dict__['__init__']
        for base in getattr(kind, '__mro__', ())
        if '__init__' in base.__dict__ and base is not nn.Module
    ]
    for number, function in enumerate(own or [kind]):
        parameters = list(inspect.signature(function).parameters.values())
        named = [
            p
            for p in parameters[1 if own else 0 :]
            if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        known += [p.name for p in named if p.name not in known]
        if number == 0:
            needed = {p.name for p in named if p.default is p.empty}
        if all(p.kind is not p.VAR_KEYWORD for p in parameters):
            return known, needed
    return None, needed
