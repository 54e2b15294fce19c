"""A row of the benchmark: MMPose's part and ours on the same work, in turn."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Shorter calls are repeated within a round; a clock's step and cold caches would
# otherwise count.
ROUND_SECONDS = 0.1


@dataclass(frozen=True)
class Row:
    """Two ways to do the same work.

    Attributes:
        name (str): What is measured, unique.
        theirs (Callable): MMPose's part.
        ours (Callable): This project's.
        goal (float, optional): Ratio to reach.
        units (int): Pieces of work in a call, such as samples. Default: 1.
        unit (str): What a piece is. Default: ``'call'``.
        repeats (int): Measured rounds. Default: 5.
        wall (bool): Whether wall time counts, as where other processes work, instead
            of this process's processor time. Default: True.
        note (str): What else the reader should know.
    """

    name: str
    theirs: Callable[[], Any]
    ours: Callable[[], Any]
    goal: float | None = None
    units: int = 1
    unit: str = 'call'
    repeats: int = 5
    wall: bool = True
    note: str = ''


@dataclass(frozen=True)
class Measured:
    """Seconds a piece of work, and their ratio.

    Attributes:
        theirs (float): Median of MMPose's part.
        ours (float): Median of ours.
        ratio (float): Median over the rounds of theirs to ours; higher is faster.
        least (float): The smallest of these ratios.
        most (float): The largest.
    """

    theirs: float
    ours: float
    ratio: float
    least: float
    most: float


def _calls_a_round(work: Callable[[], Any]) -> int:
    """Call once, and return how many calls fill a round."""
    start = time.perf_counter()
    work()
    return max(1, round(ROUND_SECONDS / max(time.perf_counter() - start, 1e-6)))


def measure_row(row: Row, repeats: int | None = None) -> Measured:
    """Run both sides in turn, after one call of each that does not count.

    Args:
        row (Row): The row.
        repeats (int, optional): Rounds, instead of the row's.

    Returns:
        Measured: Each ratio is that of one round, so that other work on the machine
        falls on both sides. A round repeats calls shorter than :data:`ROUND_SECONDS`.
    """
    clock = time.perf_counter if row.wall else time.process_time
    sides = row.theirs, row.ours
    calls = [_calls_a_round(work) for work in sides]
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats or row.repeats):
        for times, work, number in zip(seconds, sides, calls, strict=True):
            start = clock()
            for _ in range(number):
                work()
            times.append((clock() - start) / (number * row.units))
    ratios = [a / max(b, 1e-9) for a, b in zip(*seconds, strict=True)]
    return Measured(
        statistics.median(seconds[0]),
        statistics.median(seconds[1]),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )
