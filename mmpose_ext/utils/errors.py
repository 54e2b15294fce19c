"""Errors that a user can fix without reading a traceback."""

import difflib
from collections.abc import Iterable
from typing import Any

# Longest value that an error prints in full.
_MAX_VALUE = 200


class UserError(ValueError):
    """Bad input, described in one line: what, where and how to fix it.

    It is a :class:`ValueError`, so library callers can catch it without importing
    it; the tools print only its message and exit with status 2.

    Args:
        what (str): What is wrong, including the path or argument.
        fix (str, optional): How the user can fix it.
    """

    def __init__(self, what: str, fix: str = '') -> None:
        self.what = what
        self.fix = fix
        super().__init__(f'{what}; {fix}' if fix else what)


class ConfigError(UserError):
    """A config value that a class cannot use, in one form for the whole package.

    The message reads ``Class: argument=value problem; fix``:

    >>> print(ConfigError('SGE', 'groups', 7, 'does not divide 64', 'choose 8'))
    SGE: groups=7 does not divide 64; choose 8

    Args:
        owner (str | type | object): The class whose argument it is, its name, or an
            instance of it.
        argument (str): The argument, or what the user calls it, such as
            ``test_cfg.nms_thr`` or ``input size (w, h)``.
        value (Any): Its value; a long one is shortened.
        problem (str): What is wrong with the value: a predicate, such as "must be
            a positive integer".
        fix (str): What to write instead, as an imperative.

    Note:
        ``pickle`` and MMEngine's registries recreate an error from its message alone
        and pass it as ``owner``, so all other arguments are optional.
    """

    def __init__(
        self,
        owner: Any,
        argument: str = '',
        value: Any = None,
        problem: str = '',
        fix: str = '',
    ) -> None:
        self.argument = argument
        self.value = value
        if argument:
            owner = f'{_class_name(owner)}: {argument}={_short(value)} {problem}'
        super().__init__(owner, fix)


class MissingOpError(RuntimeError):
    """A compiled mmcv op was called, but only mmcv-lite is installed."""


def check_choice(owner: Any, argument: str, value: Any, choices: Any) -> None:
    """Raise unless a value is one of several.

    Args:
        owner (str | type | object): See :class:`ConfigError`.
        argument (str): The argument's name.
        value (Any): Its value.
        choices (Iterable | Registry): The values it may have, such as the table or
            the registry that it is looked up in.

    Raises:
        ConfigError: Listing the choices, the most similar first.
    """
    names = list_choices(choices)
    # Compare types too, since True == 1.
    if not any(type(value) is type(name) and value == name for name in names):
        raise ConfigError(
            owner, argument, value, 'is unknown', choose_from(names, value)
        )


def choose_from(choices: Any, value: Any = None) -> str:
    """Return "choose from a, b, c", the names most similar to ``value`` first.

    >>> choose_from(['add', 'multiply'], 'multipl')
    "choose from 'multiply', 'add'"

    Args:
        choices (Iterable | Registry): See :func:`check_choice`.
        value (Any, optional): What the user wrote.
    """
    names = list_choices(choices)
    texts = {str(name): name for name in names}
    close = difflib.get_close_matches(str(value), texts, n=3)
    ordered = [texts[text] for text in close]
    ordered += [name for name in names if str(name) not in close]
    return f'choose from {", ".join(map(repr, ordered))}'


def list_choices(choices: Any) -> list[Any]:
    """Return the values of a container, or the names in a registry and its parents.

    Args:
        choices (Iterable | Registry): The container or registry.
    """
    if not hasattr(choices, 'module_dict'):
        values: Iterable[Any] = choices
        return list(values)
    names: set[str] = set()
    while choices is not None:
        names.update(choices.module_dict)
        choices = choices.parent
    return sorted(names)


def _class_name(owner: Any) -> str:
    if isinstance(owner, str):
        return owner
    return owner.__name__ if isinstance(owner, type) else type(owner).__name__


def _short(value: Any) -> str:
    """Format the value on one line of limited length."""
    text = value.__name__ if isinstance(value, type) else ' '.join(repr(value).split())
    if len(text) <= _MAX_VALUE:
        return text
    return f'{text[: _MAX_VALUE // 2]} ... {text[-_MAX_VALUE // 4 :]}'
