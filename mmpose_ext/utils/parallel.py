"""A function over many items, on many cores."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar('Item')
Result = TypeVar('Result')


def available_cores() -> int:
    """Cores that this process may use.

    Returns:
        int: At least 1.
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

    In threads: decoding, encoding, hashing and file access, which is what this is
    for, run outside the interpreter's lock. Forked processes hang where OpenCV has
    opened a video before the fork, and spawned ones import everything anew.

    Args:
        function (Callable): Of one item.
        items (Sequence): Its arguments.
        workers (int, optional): Threads; 1 stays in this one. Defaults to all
            cores.

    Yields:
        The results. When the function raises, or the caller stops asking, those
        that have not begun are given up.
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
