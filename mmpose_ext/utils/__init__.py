"""Small helpers that are independent of poses: errors, safe output, tools.

This file imports only the standard library, since the version check uses the errors
before it is known whether the rest of the stack is installed.
"""

from .cli import run_cli
from .errors import ConfigError, UserError, check_choice, choose_from
from .io import atomic_write, write_json_atomic
from .parallel import available_cores, parallel_map

__all__ = [
    'ConfigError',
    'UserError',
    'atomic_write',
    'available_cores',
    'check_choice',
    'choose_from',
    'parallel_map',
    'run_cli',
    'write_json_atomic',
]
