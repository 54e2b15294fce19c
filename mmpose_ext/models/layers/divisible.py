"""Checks of channels that a layer divides into equal parts."""

from typing import Any

from ...utils import ConfigError
from .checks import check_positive_ints


def check_divisible(owner: str, name: str, channels: Any, **divisor: Any) -> None:
    """Raise unless channels divide into equal groups.

    Args:
        owner (str): The class whose arguments they are.
        name (str): The name of ``channels``.
        channels (int): What is divided.
        **divisor (int): The one divisor by its argument's name.

    Raises:
        ValueError: Naming the class, the arguments, their values and the
            divisors to choose from.
    """
    check_positive_ints(owner, **{name: channels}, **divisor)
    for argument, count in divisor.items():
        if channels % count:
            fits = ', '.join(
                str(i) for i in range(1, channels + 1) if channels % i == 0
            )
            raise ConfigError(
                f'{owner}: {name}={channels} does not divide by {argument}={count}',
                f'choose {argument} from {fits}, or {name} as a multiple of {count}',
            )


def check_odd(owner: str, **values: Any) -> None:
    """Raise unless every value is an odd positive integer.

    Args:
        owner (str): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ValueError: Naming the class, the argument and its value.
    """
    check_positive_ints(owner, **values)
    for name, value in values.items():
        if value % 2 == 0:
            raise ConfigError(
                f'{owner}: {name}={value} must be odd', 'such as 3, 5 or 7'
            )
