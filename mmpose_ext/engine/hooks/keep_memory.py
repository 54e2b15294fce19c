"""Hook that lets a training on the CPU use its memory again."""

import ctypes
import sys

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST = 2**31 - 1
# The highest threshold that older versions take on 64 bits; they refuse larger ones.
_LARGEST_MMAP = 32 << 20


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed memory for later use, from now on.

    glibc hands large blocks back to the system as soon as they are free, and the system
    clears every page of the next block anew. The settings are those of the environment
    variables ``MALLOC_MMAP_THRESHOLD_`` and ``MALLOC_TRIM_THRESHOLD_``.

    Returns:
        bool: Whether the library is glibc, and took the settings.
    """
    if not sys.platform.startswith('linux'):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, 'gnu_get_libc_version'):
        return False
    mapped = any(
        library.mallopt(_M_MMAP_THRESHOLD, value) for value in (_LARGEST, _LARGEST_MMAP)
    )
    return bool(library.mallopt(_M_TRIM_THRESHOLD, _LARGEST)) and mapped


@HOOKS.register_module()
class KeepMemoryHook(Hook):
    """Keep freed memory in the process while a network runs on the CPU.

    Feature maps of a batch are blocks of many megabytes, and to fetch cleared pages for
    them takes up to a fifth of a training step. Results are the same. The process
    keeps its largest size to its end, and the allocator may hold several blocks of a
    size before it uses one again. Without glibc, or with the network on a GPU, nothing
    changes. Not from any paper.

    Example:
        >>> from types import SimpleNamespace
        >>> KeepMemoryHook().before_run(SimpleNamespace(model=torch.nn.Linear(2, 2)))
    """

    # Before the first batch; the order among other hooks does not matter.
    priority = 'VERY_HIGH'

    def before_run(self, runner: Runner) -> None:
        """Set the C library's allocator once."""
        weights = next(runner.model.parameters(), torch.empty(0))
        if weights.device.type == 'cpu':
            keep_freed_memory()
