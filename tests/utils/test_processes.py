"""Maps over numbers with processes."""

import os
import signal

import pytest

from mmpose_ext.utils.processes import process_map


def reaction(number):
    """The process, and whether SIGTERM ends it at once."""
    return number, os.getpid(), signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.fixture
def own_handler():
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


def test_sigterm_ends_workers_whatever_the_parent_does(own_handler):
    """Or the pool, which ends its workers by it, may wait for them forever."""
    numbers, processes, ends = zip(*process_map(reaction, range(20), 2), strict=True)
    assert numbers == tuple(range(20))
    assert os.getpid() not in processes
    assert all(ends)
    assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL


@pytest.mark.parametrize('workers', [0, 1])
def test_without_processes(workers):
    found = list(process_map(reaction, range(3), workers))
    assert [number for number, *_ in found] == [0, 1, 2]
    assert {process for _, process, _ in found} == {os.getpid()}
