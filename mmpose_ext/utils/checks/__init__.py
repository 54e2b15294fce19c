"""Checks of config values.

Each check takes the class whose arguments it checks, then the arguments by name, and
raises :class:`~mmpose_ext.utils.ConfigError` for the first invalid one.
"""

from .lists import (
    check_indices,
    check_names,
    check_number_lists,
    check_positive_int_lists,
    check_range,
    is_list,
)
from .values import (
    check_bools,
    check_divisible,
    check_even,
    check_ints,
    check_numbers,
    check_odd,
    check_positive_ints,
)

__all__ = [
    'check_bools',
    'check_divisible',
    'check_even',
    'check_indices',
    'check_ints',
    'check_names',
    'check_number_lists',
    'check_numbers',
    'check_odd',
    'check_positive_int_lists',
    'check_positive_ints',
    'check_range',
    'is_list',
]
