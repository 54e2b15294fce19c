"""Checks of the numbers that a config gives a layer."""

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
