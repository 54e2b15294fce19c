"""Capture, inference and output in parallel, as described in section 4.5 of DAUNet.

One thread reads the source and one predicts; the caller's own thread outputs the
results, since windows belong to the main thread. A live source never waits: while the
network is busy, a newer picture replaces an older one, so what is shown is at most two
predictions old. A file waits, and none of its pictures is dropped.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..utils.errors import UserError
from .sources import Frame, Source

# Seconds between a thread's checks for whether it should end.
_TICK = 0.1


@dataclass
class Statistics:
    """Counts and latencies of a stream.

    Attributes:
        captured (int): Pictures from the source.
        dropped (int): Pictures that a newer one replaced.
        failed (int): Pictures for which the prediction failed.
        latencies (list[float]): Seconds from the arrival of each result's picture to
            the end of its output.
        seconds (float): Seconds from the first picture's arrival to the last output.

    Example:
        >>> one = Statistics(captured=3, dropped=1, latencies=[0.1, 0.1], seconds=1.0)
        >>> print(one.describe())
        2 of 3 pictures shown (1 dropped, 0 failed), 2.0 a second; from capture ...
    """

    captured: int = 0
    dropped: int = 0
    failed: int = 0
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def describe(self) -> str:
        """Return a summary in one line."""
        shown = len(self.latencies)
        if not shown:
            return f'{self.captured} pictures captured, none shown'
        median, late = (1000 * np.percentile(self.latencies, q) for q in (50, 95))
        rate = shown / self.seconds if self.seconds > 0 else float('nan')
        return (
            f'{shown} of {self.captured} pictures shown ({self.dropped} dropped, '
            f'{self.failed} failed), {rate:.1f} a second; from capture to output '
            f'{median:.0f} ms (median), {late:.0f} ms (95 %)'
        )


class FrameQueue:
    """Hands frames from one thread to another.

    Args:
        drop (bool): Whether a new frame replaces one that has not been taken yet. If
            not, the producer waits.
    """

    def __init__(self, drop: bool) -> None:
        self.drop = drop
        self.dropped = 0
        self._queue: queue.Queue[Any] = queue.Queue(1 if drop else 4)

    def put(self, item: Any, stop: threading.Event, last: bool = False) -> bool:
        """Put an item; return False if the stream is stopped first.

        Args:
            item (Any): A frame, a result, or None for the end.
            stop (threading.Event): Set when the stream is stopped.
            last (bool): Whether it must not replace another item. Default: False.
        """
        drop = self.drop and not last
        while not stop.is_set():
            try:
                self._queue.put(item, timeout=0 if drop else _TICK)
                return True
            except queue.Full:
                if drop:
                    self._discard()
        return False

    def _discard(self) -> None:
        with suppress(queue.Empty):  # it was taken in the meantime
            self._queue.get_nowait()
            self.dropped += 1

    def poll(self) -> Any:
        """Return an item; raise :class:`queue.Empty` if none comes within a moment."""
        return self._queue.get(timeout=_TICK)

    def get(self, stop: threading.Event) -> Any:
        """Return an item, or None once the stream is stopped."""
        while not stop.is_set():
            with suppress(queue.Empty):
                return self.poll()
        return None


class Stream:
    """Runs a source through a network.

    Iterating yields ``(frame, result)`` in order. To end the stream, leave the loop or
    call :meth:`stop`. Errors in the threads are raised in the loop.

    Args:
        source (Source): The source of the frames.
        process (Callable[[Frame], Any]): Predicts on a frame, in a thread of its own.
            After a :class:`UserError` only that frame is skipped.
        say (Callable[[str], None]): Called with messages on what happens. Default:
            print.
        stall (float): Seconds without a frame before a message says so. Default: 5.
    """

    def __init__(
        self,
        source: Source,
        process: Callable[[Frame], Any],
        say: Callable[[str], None] = print,
        stall: float = 5.0,
    ) -> None:
        self.source, self.process, self.say, self.stall = source, process, say, stall
        self.statistics = Statistics()
        self._stop = threading.Event()
        self._captured = FrameQueue(drop=source.live)
        self._done = FrameQueue(drop=False)
        self._last = time.monotonic()
        self._error: BaseException | None = None

    def stop(self) -> None:
        """End the stream."""
        self._stop.set()
        self.source.close()

    def __iter__(self) -> Iterator[tuple[Frame, Any]]:
        threads = [
            threading.Thread(target=self._guarded, args=(work,), daemon=True)
            for work in (self._capture, self._infer)
        ]
        for thread in threads:
            thread.start()
        first: float | None = None
        try:
            while (item := self._next()) is not None:
                yield item
                now = time.monotonic()
                first = item[0].captured if first is None else first
                self.statistics.latencies.append(now - item[0].captured)
                self.statistics.seconds = now - first
        finally:
            self.stop()
            for thread in threads:
                # A thread whose driver hangs in a read stays until the process ends.
                thread.join(timeout=2)
            self.statistics.dropped = self._captured.dropped
        if self._error is not None:
            raise self._error

    def _next(self) -> tuple[Frame, Any] | None:
        """Return the next result, or None at the end; say if the source stalls."""
        told = False
        while not self._stop.is_set():
            try:
                return self._done.poll()
            except queue.Empty:
                silent = time.monotonic() - self._last
                if silent > self.stall and self.source.live and not told:
                    self.say(f'{self.source.name}: no picture for {silent:.0f} s')
                    told = True
        return None

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # __iter__ raises it again
            self._error = error
            self.stop()

    def _capture(self) -> None:
        start = time.monotonic()
        number = 0
        while not self._stop.is_set() and (image := self.source.read()) is not None:
            now = self._last = time.monotonic()
            rate = self.source.fps
            live = self.source.live or not rate
            seconds = now - start if live else number / rate
            self.statistics.captured += 1
            if not self._captured.put(Frame(number, image, now, seconds), self._stop):
                return
            number += 1
        # The frames captured so far are shown before the loop ends.
        self._captured.put(None, self._stop, last=True)

    def _infer(self) -> None:
        while not self._stop.is_set():
            frame = self._captured.get(self._stop)
            if frame is None:
                break
            try:
                result = self.process(frame)
            except UserError as error:
                self.statistics.failed += 1
                self.say(f'picture {frame.number}: {error}')
                continue
            if not self._done.put((frame, result), self._stop):
                return
        self._done.put(None, self._stop)
