"""How checkpoints are written, and which one a run resumes from."""

from .atomic_backend import AtomicBackend, remove_partial_files
from .discovery import newest_readable

__all__ = ['AtomicBackend', 'newest_readable', 'remove_partial_files']
