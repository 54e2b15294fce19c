"""Small helpers that know nothing about poses: errors, safe output, tools.

Only the standard library is imported here: the version check, which runs before
anything else of the stack is known to exist, needs the errors.
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
