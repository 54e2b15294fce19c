"""Parallel map over image numbers with processes."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import cv2

Result = TypeVar('Result')


@contextmanager
def single_threaded_cv2() -> Iterator[None]:
    """Restrict OpenCV to one thread and stop the other threads of its pool.

    A process that is forked while OpenCV's threads wait inherits locks that are never
    released, and hangs in its first call of OpenCV.
    """
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def process_map(
    function: Callable[[int], Result], numbers: Iterable[int], workers: int = 0
) -> Iterator[Result]:
    """Apply a function to numbers and yield the results in order.

    Args:
        function (Callable): Function of one integer; it must be picklable.
        numbers (Iterable[int]): The integers.
        workers (int): Number of processes; 0 or 1 uses the calling one. Default: 0.

    Yields:
        The results.
    """
    with single_threaded_cv2():
        if workers <= 1:
            yield from map(function, numbers)
            return
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context('fork' if 'fork' in methods else 'spawn')
        with context.Pool(workers, initializer=_end_at_once) as pool:
            yield from pool.imap(function, numbers, chunksize=4)


def _end_at_once() -> None:
    """Let SIGTERM end this process, whatever handler it has from its parent.

    A handler written in Python runs between two instructions. If the signal comes just
    before a worker waits for its next number, the worker waits on, and the pool, which
    ends its workers by this signal, waits for it forever.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
