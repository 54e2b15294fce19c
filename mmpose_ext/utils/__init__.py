"""Small helpers that know nothing about poses: errors, safe output, tools."""

from .cli import run_cli
from .errors import UserError
from .io import atomic_write, write_json_atomic

__all__ = ['UserError', 'atomic_write', 'run_cli', 'write_json_atomic']
