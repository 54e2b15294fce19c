"""Parallel map with threads."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar('Item')
Result = TypeVar('Result')


def available_cores() -> int:
    """Return the number of cores that this process may use.

    Returns:
        int: The number, at least 1.
    """
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parallel_map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int | None = None,
) -> Iterator[Result]:
    """Apply a function to items and yield the results in order.

    It uses threads, which suit work that releases the interpreter's lock: decoding,
    encoding, hashing and file access. Forked processes hang if OpenCV opened a video
    before the fork, and spawned ones import everything again.

    >>> list(parallel_map(abs, [-1, 2, -3]))
    [1, 2, 3]

    Args:
        function (Callable): Function of one item.
        items (Sequence): The items.
        workers (int, optional): Number of threads; 1 uses the calling thread.
            Defaults to one per core.

    Yields:
        The results. If the function raises, or the caller stops iterating, calls that
        have not started are canceled.
    """
    workers = min(workers or available_cores(), len(items))
    if workers <= 1:
        yield from map(function, items)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(cancel_futures=True)
