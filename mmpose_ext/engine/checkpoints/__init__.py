"""Atomic writing of checkpoints, and the search for the one to resume from."""

from .atomic_backend import AtomicBackend, remove_partial_files
from .discovery import newest_readable

__all__ = ['AtomicBackend', 'newest_readable', 'remove_partial_files']
