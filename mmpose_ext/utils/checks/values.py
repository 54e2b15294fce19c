"""Checks of config values that are a single number or flag."""

import math
from numbers import Integral, Real
from typing import Any

from ..errors import ConfigError


def check_positive_ints(owner: Any, **values: Any) -> None:
    """Raise unless every value is a positive integer.

    Args:
        owner (str | type | object): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ConfigError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not is_int(value) or value < 1:
            raise ConfigError(
                owner,
                name,
                value,
                'must be a positive integer',
                'give a number such as 1, 8 or 32',
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
        if not is_int(value) or value < least or (most is not None and value > most):
            raise ConfigError(
                owner, name, value, f'must be an integer {bounds}', f'give {least}'
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
    words = describe_bounds(least, most, above, below)
    low, high = max(least, above), min(most, below)
    example = low + 1 if math.isfinite(low) else min(1, high - 1)
    if math.isfinite(low + high):
        example = (low + high) / 2
    for name, value in values.items():
        if not is_number(value, least, most, above, below):
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a finite number {words}'.rstrip(),
                f'give for example {example:g}',
            )


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


def is_int(value: Any) -> bool:
    """Check whether a value is an integer, and not a flag.

    Args:
        value (Any): The value.
    """
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(
    value: Any,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> bool:
    """Check whether a value is a finite number within bounds, and not a flag.

    Args:
        value (Any): The value.
        least (float): Smallest value that is allowed.
        most (float): Largest value that is allowed.
        above (float): Lower bound that is itself not allowed.
        below (float): Upper bound that is itself not allowed.
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    return (
        number
        and math.isfinite(value)
        and least <= value <= most
        and above < value < below
    )


def describe_bounds(
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> str:
    """Describe bounds in words, such as "above 0 and at most 1".

    Args:
        least (float): Smallest value that is allowed.
        most (float): Largest value that is allowed.
        above (float): Lower bound that is itself not allowed.
        below (float): Upper bound that is itself not allowed.
    """
    bounds = (
        ('at least', least),
        ('above', above),
        ('at most', most),
        ('below', below),
    )
    return ' and '.join(f'{word} {b:g}' for word, b in bounds if math.isfinite(b))
