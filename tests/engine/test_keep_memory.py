"""Freed memory stays in the process for the next block."""

import ctypes
import multiprocessing
from types import SimpleNamespace

import pytest
import torch

from mmpose_ext.engine.hooks import KeepMemoryHook

BLOCK = 64 << 20  # bytes
# fmt: off
FIELDS = (
    'arena', 'ordblks', 'smblks', 'hblks', 'hblkhd',
    'usmblks', 'fsmblks', 'uordblks', 'fordblks', 'keepcost',
)
# fmt: on


class _Mallinfo2(ctypes.Structure):
    """glibc's statistics of its allocator (malloc.h)."""

    _fields_ = [(name, ctypes.c_size_t) for name in FIELDS]


def _held() -> int:
    """Bytes that the allocator has from the system, on its heap and in mapped blocks.

    Its own count, because not every system counts page faults.
    """
    read = ctypes.CDLL(None).mallinfo2
    read.restype = _Mallinfo2
    info = read()
    return info.arena + info.hblkhd


def _given_back(hook: bool, device: str) -> int:
    """Bytes that go back to the system when a large block is freed."""
    # Back to glibc's first settings: an earlier test of this process may have trained.
    for setting in (-1, -3):
        ctypes.CDLL(None).mallopt(setting, 128 << 10)
    if hook:
        weights = torch.nn.Linear(2, 2, device=device)
        KeepMemoryHook().before_run(SimpleNamespace(model=weights))
    block = torch.ones(BLOCK // 4)
    before = _held()
    del block
    return before - _held()


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), 'mallinfo2'), reason='needs glibc 2.33 or newer'
)
@pytest.mark.parametrize(
    ('hook', 'device', 'kept'),
    [(False, 'cpu', False), (True, 'cpu', True), (True, 'meta', False)],
    ids=['without', 'with', 'a network elsewhere'],
)
def test_a_freed_block_stays_in_the_process(hook, device, kept):
    """In a child, whose settings end with it."""
    with multiprocessing.get_context('fork').Pool(1) as pool:
        given_back = pool.apply(_given_back, (hook, device))
    if kept:
        assert given_back == 0
    else:
        assert given_back >= BLOCK
