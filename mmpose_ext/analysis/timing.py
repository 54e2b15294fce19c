"""Timing and report of the benchmarks.

Everything that is compared runs in turn in one process, so that other work on the
machine affects all of it. On a CPU the clock counts processor seconds, which other
processes disturb less than wall time; on a GPU it is wall time, synchronized.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ..utils.devices import check_device
from ..utils.errors import UserError


@dataclass(frozen=True)
class Timing:
    """Seconds of one piece of work over all rounds.

    Attributes:
        least (float): The shortest, which other work on the machine affects least.
        median (float): The median.
    """

    least: float
    median: float


def add_timing_arguments(
    parser: argparse.ArgumentParser, batch: int | None = None, repeats: int = 3
) -> None:
    """Add the options that the benchmarks share.

    Args:
        parser (argparse.ArgumentParser): The benchmark's parser.
        batch (int, optional): Default of ``--batch``; None leaves this option out.
            Default: None.
        repeats (int): Default of ``--repeats``. Default: 3.
    """
    parser.add_argument('--device', default='cpu', help='cpu, cuda, cuda:1, ...')
    parser.add_argument(
        '--repeats', type=int, default=repeats, help='measured rounds (%(default)s)'
    )
    parser.add_argument(
        '--threads', type=int, default=1, help='threads on a CPU (%(default)s)'
    )
    if batch is not None:
        parser.add_argument(
            '--batch', type=int, default=batch, help='images in a batch (%(default)s)'
        )


def prepare_timing(
    device: str,
    threads: int = 1,
    repeats: int = 1,
    batch: int = 1,
    least_batch: int = 1,
) -> torch.device:
    """Check the options of :func:`add_timing_arguments` and set the threads.

    Args:
        device (str): Device to use.
        threads (int): Threads of torch on a CPU. Default: 1.
        repeats (int): Measured rounds. Default: 1.
        batch (int): Images in a batch. Default: 1.
        least_batch (int): The smallest batch that works; 2 for training with batch
            normalization. Default: 1.

    Returns:
        torch.device: The device to run on.

    Raises:
        UserError: If a number is too small, or the device is unknown or absent.
    """
    for name, value, least in (
        ('batch', batch, least_batch),
        ('repeats', repeats, 1),
        ('threads', threads, 1),
    ):
        if value < least:
            raise UserError(f'--{name} {value} is too small', f'give {least} or more')
    place = check_device(device)
    torch.set_num_threads(threads)
    return place


def wall_clock(device: torch.device) -> float:
    """Return seconds of wall time, synchronized on a GPU.

    Args:
        device (torch.device): Device to use.
    """
    if device.type == 'cuda':
        torch.cuda.synchronize(device)
    return time.perf_counter()


def clock(device: torch.device) -> float:
    """Return processor seconds on a CPU, seconds of synchronized wall time on a GPU.

    Args:
        device (torch.device): Device to use.
    """
    if device.type == 'cpu':
        return time.process_time()
    return wall_clock(device)


def measure(
    works: Mapping[str, Callable[[], Any]],
    repeats: int,
    device: torch.device,
    clock: Callable[[torch.device], float] = clock,
) -> dict[str, Timing]:
    """Time pieces of work in turn, after one round that is not counted.

    >>> ticks = iter([0, 9, 10, 14, 20, 22])  # start and end of each call
    >>> timings = measure({'a': lambda: None}, 2, torch.device('cpu'),
    ...                   clock=lambda device: next(ticks))
    >>> timings['a']
    Timing(least=2, median=3.0)

    Args:
        works (Mapping[str, Callable]): What to time, by name.
        repeats (int): Number of rounds.
        device (torch.device): Device to use.
        clock (Callable): Function of the device that returns seconds. Default:
            :func:`clock`.

    Returns:
        dict[str, Timing]: Timings in the order of ``works``.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, work in works.items():
            start = clock(device)
            work()
            seconds = clock(device) - start
            if turn:
                times[name].append(seconds)
    return {name: Timing(min(t), statistics.median(t)) for name, t in times.items()}


def report(what: str, timings: Mapping[str, Timing], images: int = 1) -> None:
    """Print the shortest milliseconds per image, and the ratio to the first entry.

    >>> report('inference', {'a': Timing(0.2, 0.2), 'b': Timing(0.1, 0.1)}, images=2)
    inference       a                            100.0 ms/image   1.00x
    inference       b                             50.0 ms/image   0.50x

    Args:
        what (str): The work, for the first column.
        timings (Mapping[str, Timing]): Result of :func:`measure`.
        images (int): Images in a batch. Default: 1.
    """
    first = next(iter(timings.values())).least
    for name, timing in timings.items():
        print(
            f'{what:<15} {name:<24} {timing.least / images * 1e3:9.1f} ms/image '
            f'{timing.least / first:6.2f}x'
        )
