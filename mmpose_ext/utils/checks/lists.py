"""Checks of config values that are lists."""

import math
from collections.abc import Sequence
from typing import Any

from ..errors import ConfigError
from .values import check_numbers, describe_bounds, is_int, is_number


def is_list(value: Any) -> bool:
    """Check whether a config value is a list or tuple, and not a string.

    Args:
        value (Any): The value.
    """
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


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
        fits = is_list(value) and all(is_int(v) and v >= 1 for v in value)
        if not fits or len(value) < least or len(value) != (length or len(value)):
            number = length or f'{least} or more'
            raise ConfigError(
                owner,
                name,
                value,
                f'must be a list of {number} positive integers',
                f'give for example {tuple(32 * 2**i for i in range(length or 4))}',
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
    words = describe_bounds(least=least, above=above)
    for name, value in values.items():
        numbers = value if is_list(value) else ()
        if not numbers or not all(is_number(v, least, above=above) for v in numbers):
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
            or any(not is_int(v) or v not in known for v in value)
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
