"""Checks of the numbers in the configs of layers and networks."""

from typing import Any

from ...utils.errors import ConfigError


def check_positive_ints(owner: str, **values: Any) -> None:
    """Raise unless every value is a positive integer.

    Args:
        owner (str): The class whose arguments they are.
        **values (Any): The arguments by name.

    Raises:
        ValueError: Naming the class, the argument and its value.
    """
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigError(
                f'{owner}: {name}={value!r} must be a positive integer, such as '
                '1, 8 or 32'
            )


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
