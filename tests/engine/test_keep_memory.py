"""Freed memory stays in the process for the next block."""

import ctypes
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from mmpose_ext.engine.hooks import KeepMemoryHook

TRIM, MMAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h
BLOCK = 16 << 20  # bytes; below the highest threshold that every glibc takes

# A process of its own, because what earlier tests trained has set and filled the
# allocator of this one. It counts what glibc holds (struct mallinfo2: the heap is
# field 0, mapped blocks field 4), because not every system counts page faults.
SCRIPT = f"""
import ctypes, json
library = ctypes.CDLL(None)
class Info(ctypes.Structure):
    _fields_ = [(f'f{{i}}', ctypes.c_size_t) for i in range(10)]
library.mallinfo2.restype = Info
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
def held():
    info = library.mallinfo2()
    return info.f0 + info.f4
def given_back():
    block = library.malloc({BLOCK})
    ctypes.memset(block, 1, {BLOCK})
    before = held()
    library.free(block)
    return before - held()
without = given_back()
from mmpose_ext.engine.hooks.keep_memory import keep_freed_memory
taken = keep_freed_memory()
print(json.dumps([without, taken, given_back()]))
"""


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), 'mallinfo2'), reason='needs glibc 2.33 or newer'
)
def test_a_freed_block_stays_in_the_process():
    run = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', SCRIPT], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    without, taken, with_hook = json.loads(run.stdout.splitlines()[-1])
    assert without > BLOCK // 2
    assert taken is True
    assert with_hook == 0


class _Library:
    """A C library that notes its settings and refuses thresholds above a limit."""

    def __init__(self, limit: int):
        self.limit = limit
        self.settings: dict[int, int] = {}

    def gnu_get_libc_version(self) -> None:
        """There, as in glibc."""

    def mallopt(self, name: int, value: int) -> int:
        if name == MMAP and value > self.limit:
            return 0
        self.settings[name] = value
        return 1


@pytest.mark.parametrize(
    ('device', 'limit', 'settings'),
    [
        ('cpu', 2**31 - 1, {MMAP: 2**31 - 1, TRIM: 2**31 - 1}),
        ('cpu', 32 << 20, {MMAP: 32 << 20, TRIM: 2**31 - 1}),
        ('meta', 2**31 - 1, {}),
    ],
    ids=['new glibc', 'old glibc', 'a network elsewhere'],
)
def test_settings_of_the_c_library(monkeypatch, device, limit, settings):
    library = _Library(limit)
    monkeypatch.setattr(ctypes, 'CDLL', lambda name: library)
    monkeypatch.setattr(sys, 'platform', 'linux')
    weights = torch.nn.Linear(2, 2, device=device)
    KeepMemoryHook().before_run(SimpleNamespace(model=weights))
    assert library.settings == settings
