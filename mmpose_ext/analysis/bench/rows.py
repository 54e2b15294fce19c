"""A row of the benchmark: MMPose's part and ours on the same work, in turn."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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


def measure_row(row: Row, repeats: int | None = None) -> Measured:
    """Run both sides in turn, after one round that does not count.

    Args:
        row (Row): The row.
        repeats (int, optional): Rounds, instead of the row's.

    Returns:
        Measured: Each ratio is that of one round, so that other work on the machine
        falls on both sides.
    """
    clock = time.perf_counter if row.wall else time.process_time
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range((repeats or row.repeats) + 1):
        for times, work in zip(seconds, (row.theirs, row.ours), strict=True):
            start = clock()
            work()
            if turn:
                times.append((clock() - start) / row.units)
    ratios = [a / max(b, 1e-9) for a, b in zip(*seconds, strict=True)]
    return Measured(
        statistics.median(seconds[0]),
        statistics.median(seconds[1]),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )
