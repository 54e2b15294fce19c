"""Checks of config values.

Each check takes the class whose arguments it checks, then the arguments by name, and
raises :class:`~mmpose_ext.utils.ConfigError` for the first invalid one.
"""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from .errors import ConfigError


def check_positive_ints(owner: Any, **values: Any) -> None:
    """Raise unless every value is a positive integer.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not _is_int(value) or value < 1:
            raise ConfigError(
                owner,
                name,
                value,
                'must be a positive integer',
                'give a number such as 1, 8 or 32',
            )


def check_positive_int_lists(
    owner: Any, length: int | None = None, least: int = 1, **values: Any
) -> None:
    """Raise unless every value is a list or tuple of positive integers.

    Args:
        owner (str | type | object): The class whose arguments they are.
        length (int, optional): The number of integers in each. Default: any.
        least (int): The smallest number of integers in each. Default: 1.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        fits = is_list(value) and all(_is_int(v) and v >= 1 for v in value)
        if not fits or len(value) < least or len(value) != (length or len(value)):
            number = length or f'{least} or more'
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a list of {number} positive integers',
                f'give for example {tuple(32 * 2**i for i in range(length or 4))}',
            )


def check_divisible(owner: Any, name: str, channels: Any, **divisor: Any) -> None:
    """Raise unless a number of channels is divisible by another argument.

    Args:
        owner (str | type | object): The class whose arguments they are.
        name (str): Name of the argument ``channels``.
        channels (int): The number to divide.
        **divisor (int): One divisor by its argument's name.

    Raises:
        ConfigError: Naming the class, the arguments, their values and the divisors
            to choose from.
    """
    check_positive_ints(owner, **{name: channels}, **divisor)
    for argument, count in divisor.items():
        if channels % count:
            fits = ', '.join(
                str(i) for i in range(1, channels + 1) if channels % i == 0
            )
            raise ConfigError(
                owner,
                name,
                channels,
                f'does not divide by {argument}={count}',
                f'choose {argument} from {fits}, or {name} as a multiple of {count}',
            )


def check_ints(
    owner: Any, least: int = 0, most: int | None = None, **values: Any
) -> None:
    """Raise unless every value is an integer within bounds.

    Args:
        owner (str | type | object): The class whose arguments they are.
        least (int): Smallest value that is allowed. Default: 0.
        most (int, optional): Largest value that is allowed.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument, its value and the bounds.
    """
    bounds = f'at least {least}' if most is None else f'from {least} to {most}'
    for name, value in values.items():
        if not _is_int(value) or value < least or (most is not None and value > most):
            raise ConfigError(
                owner, name, value, f'must be an integer {bounds}', f'give {least}'
            )


def check_names(owner: Any, **values: Any) -> None:
    """Raise unless every value is a list or tuple of names.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not is_list(value) or not all(isinstance(v, str) for v in value):
            raise ConfigError(
                owner, name, value, 'must be a list of names', "write ('one', 'two')"
            )


def check_even(owner: Any, **values: Any) -> None:
    """Raise unless every value is an even positive integer.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    check_positive_ints(owner, **values)
    for name, value in values.items():
        if value % 2:
            raise ConfigError(
                owner, name, value, 'must be even', f'choose {value + 1}, for example'
            )


def check_odd(owner: Any, **values: Any) -> None:
    """Raise unless every value is an odd positive integer.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    check_positive_ints(owner, **values)
    for name, value in values.items():
        if value % 2 == 0:
            raise ConfigError(
                owner, name, value, 'must be odd', f'choose {value - 1} or {value + 1}'
            )


def check_numbers(
    owner: Any,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    **values: Any,
) -> None:
    """Raise unless every value is a finite number within bounds.

    Args:
        owner (str | type | object): The class whose arguments they are.
        least (float): Smallest value that is allowed.
        most (float): Largest value that is allowed.
        above (float): Lower bound that is itself not allowed.
        below (float): Upper bound that is itself not allowed.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument, its value and the bounds.
    """
    words = _bounds(least, most, above, below)
    low, high = max(least, above), min(most, below)
    example = low + 1 if math.isfinite(low) else min(1, high - 1)
    if math.isfinite(low + high):
        example = (low + high) / 2
    for name, value in values.items():
        if not _is_number(value, least, most, above, below):
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a finite number {words}'.rstrip(),
                f'give for example {example:g}',
            )


def check_number_lists(
    owner: Any, least: float = -math.inf, above: float = -math.inf, **values: Any
) -> None:
    """Raise unless every value is a list of one or more finite numbers.

    Args:
        owner (str | type | object): The class whose arguments they are.
        least (float): Smallest number that is allowed.
        above (float): Lower bound that is itself not allowed.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument, its value and the bound.
    """
    words = _bounds(least=least, above=above)
    for name, value in values.items():
        numbers = value if is_list(value) else ()
        if not numbers or not all(_is_number(v, least, above=above) for v in numbers):
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a list of one or more finite numbers {words}'.rstrip(),
                'give for example (0.5, 1.0)',
            )


def check_range(owner: Any, above: float = -math.inf, **values: Any) -> None:
    """Raise unless every value is a pair of numbers, the smaller first.

    Args:
        owner (str | type | object): The class whose arguments they are.
        above (float): Lower bound that is itself not allowed.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not is_list(value) or len(value) != 2:
            raise ConfigError(
                owner, name, value, 'must be two numbers', 'give for example (0.5, 1.5)'
            )
        check_numbers(owner, above=above, **{name: value[0]})
        check_numbers(owner, least=value[0], **{name: value[1]})


def check_bools(owner: Any, **values: Any) -> None:
    """Raise unless every value is True or False.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not isinstance(value, bool):
            raise ConfigError(
                owner, name, value, 'must be True or False', 'choose one of them'
            )


def check_indices(
    owner: Any, count: int, start: int = 0, least: int = 0, **values: Any
) -> None:
    """Raise unless every value is a list of different indices of existing parts.

    Args:
        owner (str | type | object): The class whose arguments they are.
        count (int): The number of parts.
        start (int): The index of the first part. Default: 0.
        least (int): The smallest number of indices. Default: 0.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument, its value and the indices.
    """
    known = range(start, start + count)
    for name, value in values.items():
        if (
            not is_list(value)
            or any(not _is_int(v) or v not in known for v in value)
            or len(set(value)) != len(value)
            or len(value) < least
        ):
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a list of {least} or more different stages',
                f'choose from {", ".join(map(str, known))}',
            )


def is_list(value: Any) -> bool:
    """Check whether a config value is a list or tuple, and not a string.

    Args:
        value (Any): The value.
    """
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _is_int(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(
    value: Any,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> bool:
    number = isinstance(value, Real) and not isinstance(value, bool)
    return (
        number
        and math.isfinite(value)
        and least <= value <= most
        and above < value < below
    )


def _bounds(
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> str:
    """Describe the bounds in words, such as "above 0 and at most 1"."""
    bounds = (
        ('at least', least),
        ('above', above),
        ('at most', most),
        ('below', below),
    )
    return ' and '.join(f'{word} {b:g}' for word, b in bounds if math.isfinite(b))
