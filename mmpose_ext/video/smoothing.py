"""The One-Euro filter: little jitter at rest, little lag in motion.

Casiez, Roussel and Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for
Noisy Input in Interactive Systems", CHI 2012. Not part of any of the papers.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ..apis.results import PoseResult
from ..utils.checks import check_numbers
from ..utils.errors import UserError


def smoothing_factor(cutoff: Any, interval: float) -> Any:
    """Return how much a new value counts in a low-pass filter (the paper's alpha).

    >>> round(float(smoothing_factor(1.0, 1 / (2 * math.pi))), 3)
    0.5

    Args:
        cutoff (float | np.ndarray): Frequency in Hz.
        interval (float): Seconds since the last value.
    """
    return 1 / (1 + 1 / (2 * math.pi * cutoff * interval))


class OneEuroFilter:
    """Filters an array of values over time.

    Args:
        min_cutoff (float): Cutoff frequency at rest, in Hz; a lower one smooths more.
            Default: 1.
        beta (float): Growth of the cutoff with speed, in Hz per (unit per second); a
            higher one lags less. Default: 0.01, for pixels.
        d_cutoff (float): Cutoff frequency of the speed, in Hz. Default: 1.

    Example:
        >>> smooth = OneEuroFilter(min_cutoff=1.0, beta=0.0)
        >>> first, second = (smooth(np.array([x]), t) for x, t in ((0.0, 0), (1.0, 1)))
        >>> float(first[0]), 0 < float(second[0]) < 1
        (0.0, True)
    """

    def __init__(
        self, min_cutoff: float = 1.0, beta: float = 0.01, d_cutoff: float = 1.0
    ) -> None:
        check_numbers(
            'OneEuroFilter', least=1e-6, min_cutoff=min_cutoff, d_cutoff=d_cutoff
        )
        check_numbers('OneEuroFilter', least=0, beta=beta)
        self.min_cutoff, self.beta, self.d_cutoff = min_cutoff, beta, d_cutoff
        self._value: np.ndarray | None = None
        self._speed: np.ndarray | None = None
        self._seconds = 0.0

    def __call__(self, value: np.ndarray, seconds: float) -> np.ndarray:
        """Return the filtered value.

        Args:
            value (np.ndarray): The value; every call must have the same shape.
            seconds (float): Time of the measurement. If it is not later than the last
                one, the last filtered value is returned.
        """
        if self._value is None or self._speed is None:
            self._value, self._speed = value, np.zeros_like(value)
            self._seconds = seconds
            return value
        interval = seconds - self._seconds
        if interval <= 0:
            return self._value
        speed = (value - self._value) / interval
        share = smoothing_factor(self.d_cutoff, interval)
        self._speed = share * speed + (1 - share) * self._speed
        cutoff = self.min_cutoff + self.beta * np.abs(self._speed)
        share = smoothing_factor(cutoff, interval)
        self._value = share * value + (1 - share) * self._value
        self._seconds = seconds
        return self._value


class PoseSmoother:
    """Filters the key points of each tracked person.

    Args:
        **options (float): Arguments of :class:`OneEuroFilter`.
    """

    # A person who was not seen for this many seconds gets a new filter.
    _FORGET = 1.0

    def __init__(self, **options: float) -> None:
        self.options = options
        OneEuroFilter(**options)  # wrong options raise now
        self._filters: dict[int, tuple[OneEuroFilter, float]] = {}

    def __call__(self, result: PoseResult, seconds: float) -> PoseResult:
        """Return the result with filtered key points.

        Args:
            result (PoseResult): A result with ``ids``.
            seconds (float): Time of the picture in the stream.
        """
        if result.ids is None:
            raise UserError(
                'smoothing needs the numbers of the people',
                'pass the result through a PersonTracker first',
            )
        points = result.keypoints.copy()
        for index, number in enumerate(result.ids):
            one, seen = self._filters.get(int(number), (None, 0.0))
            if one is None or seconds - seen > self._FORGET:
                one = OneEuroFilter(**self.options)
            self._filters[int(number)] = (one, seconds)
            points[index] = one(result.keypoints[index].astype(np.float64), seconds)
        return replace(result, keypoints=points)
