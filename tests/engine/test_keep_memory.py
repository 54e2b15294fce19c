"""Freed memory is used again; the system clears no page twice."""

import ctypes
import multiprocessing
import resource
import sys
from types import SimpleNamespace

import pytest
import torch

from mmpose_ext.engine.hooks import KeepMemoryHook

PAGES = 64 << 20 >> 12  # of the large block below


def _faults_of_later_blocks(hook: bool, device: str) -> int:
    # Back to glibc's first settings: an earlier test of this process may have trained.
    for setting in (-1, -3):
        ctypes.CDLL(None).mallopt(setting, 128 << 10)
    if hook:
        weights = torch.nn.Linear(2, 2, device=device)
        KeepMemoryHook().before_run(SimpleNamespace(model=weights))
    torch.set_num_threads(1)
    counts = []
    for _ in range(20):  # the first few leave small gaps, which are then all taken
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        torch.ones(64 << 18)
        counts.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return min(counts[10:])


@pytest.mark.skipif(not sys.platform.startswith('linux'), reason="needs Linux's malloc")
@pytest.mark.parametrize(
    ('hook', 'device', 'again'),
    [(False, 'cpu', True), (True, 'cpu', False), (True, 'meta', True)],
    ids=['without', 'with', 'a network elsewhere'],
)
def test_a_freed_block_is_used_again(hook, device, again):
    """In a child, whose settings end with it."""
    with multiprocessing.get_context('fork').Pool(1) as pool:
        faults = pool.apply(_faults_of_later_blocks, (hook, device))
    # Transparent huge pages take a fault for 512 pages.
    assert (faults > PAGES / 1024) == again, faults
