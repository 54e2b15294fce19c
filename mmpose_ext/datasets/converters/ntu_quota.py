"""Distribution of the wanted frames over classes and videos."""

from collections.abc import Collection, Sequence

from ..formats.ntu60 import NtuName
from .ntu_frames import SampleResult


class ActionQueue:
    """Queue of a class's samples, extracted in order until there are enough frames.

    Args:
        names (Sequence[NtuName]): The samples, in the order of extraction.

    Attributes:
        quota (int): Number of frames wanted.
        results (dict[NtuName, SampleResult]): Results of the samples extracted so
            far.
    """

    def __init__(self, names: Sequence[NtuName]) -> None:
        self.waiting = list(names)
        self.results: dict[NtuName, SampleResult] = {}
        self.quota = 0

    @property
    def found(self) -> int:
        """The number of frames extracted so far."""
        return sum(len(result.frames) for result in self.results.values())

    @property
    def exhausted(self) -> bool:
        """Whether no sample has more frames to offer."""
        return not self.waiting and not self._spare()

    def _spare(self) -> dict[NtuName, int]:
        """Map each sample that has more usable frames to their number."""
        return {
            name: result.usable - len(result.frames)
            for name, result in self.results.items()
            if not result.problem and result.usable > len(result.frames)
        }

    def jobs(self) -> list[tuple[NtuName, int]]:
        """List the next samples to extract, with the number of frames from each.

        Each waiting sample gives as few frames as possible; once all samples have
        been extracted, those with spare frames give more.

        Returns:
            list[tuple[NtuName, int]]: Empty if the quota is met or the samples are
            exhausted.
        """
        lacking = self.quota - self.found
        if lacking <= 0:
            return []
        rooms = dict.fromkeys(self.waiting, lacking) or self._spare()
        each, extra = divmod(lacking, len(rooms)) if rooms else (0, 0)
        jobs = []
        for i, (name, room) in enumerate(rooms.items()):
            have = len(self.results[name].frames) if name in self.results else 0
            if more := min(each + (i < extra), room):
                jobs.append((name, have + more))
        return jobs

    def record(self, name: NtuName, result: SampleResult) -> None:
        """Record the result of a job.

        Args:
            name (NtuName): The sample.
            result (SampleResult): Its result.
        """
        if name in self.waiting:
            self.waiting.remove(name)
        self.results[name] = result


def spread(queues: Collection[ActionQueue], number: int) -> None:
    """Divide a number of frames among the classes as evenly as possible.

    Exhausted classes keep the frames that they have. The others share the rest; if it
    is not divisible, the first of them get one more.

    Args:
        queues (Collection[ActionQueue]): The classes, whose quotas are set.
        number (int): Number of frames wanted in total.
    """
    for queue in queues:
        queue.quota = queue.found
    rest = number - sum(queue.quota for queue in queues)
    able = [queue for queue in queues if not queue.exhausted]
    for i, queue in enumerate(able):
        queue.quota += rest // len(able) + (i < rest % len(able))
