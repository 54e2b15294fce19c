"""Small helpers that know nothing about poses: errors, safe output, tools."""

from .cli import run_cli
from .errors import ConfigError, UserError
from .io import atomic_write, write_json_atomic
from .jpeg import write_jpeg
from .parallel import available_cores, parallel_map

__all__ = [
    'ConfigError',
    'UserError',
    'atomic_write',
    'available_cores',
    'parallel_map',
    'run_cli',
    'write_jpeg',
    'write_json_atomic',
]
