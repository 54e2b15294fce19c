"""Map a function over image numbers, in order, in several processes."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import cv2

Result = TypeVar('Result')


def _quiet_worker() -> None:
    # One core for each process, whatever OpenCV thinks of the machine.
    cv2.setNumThreads(1)


def ordered_map(
    function: Callable[[int], Result], numbers: Iterable[int], workers: int = 0
) -> Iterator[Result]:
    """Apply a function to numbers and yield the results in order.

    Args:
        function (Callable): Picklable, of one integer.
        numbers (Iterable[int]): Its arguments.
        workers (int): Processes to use; 0 or 1 stays in this one.

    Yields:
        The results.
    """
    if workers <= 1:
        yield from map(function, numbers)
        return
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context('fork' if 'fork' in methods else 'spawn')
    with context.Pool(workers, _quiet_worker) as pool:
        yield from pool.imap(function, numbers, chunksize=4)
