"""How many frames each class and each video gives."""

from collections.abc import Collection, Sequence

from ..formats.ntu60 import NtuName
from .ntu_frames import SampleResult


class ActionQueue:
    """The samples of a class, asked one after the other until there is enough.

    Args:
        names (Sequence[NtuName]): The samples, in the order they are asked.

    Attributes:
        quota (int): Frames wanted.
        results (dict[NtuName, SampleResult]): What has come of those asked.
    """

    def __init__(self, names: Sequence[NtuName]) -> None:
        self.waiting = list(names)
        self.results: dict[NtuName, SampleResult] = {}
        self.quota = 0

    @property
    def found(self) -> int:
        """Frames that have been taken."""
        return sum(len(result.frames) for result in self.results.values())

    @property
    def exhausted(self) -> bool:
        """Whether no sample can give more."""
        return not self.waiting and not self._spare()

    def _spare(self) -> dict[NtuName, int]:
        """Samples that could give more, with how many more."""
        return {
            name: result.usable - len(result.frames)
            for name, result in self.results.items()
            if not result.problem and result.usable > len(result.frames)
        }

    def jobs(self) -> list[tuple[NtuName, int]]:
        """What to ask next, with the number of frames to take from each sample.

        As few frames as possible from each of those that wait; once all have been
        asked, more from those that have more.

        Returns:
            list[tuple[NtuName, int]]: Empty when there is enough, or no more.
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
        """Note what came of a job.

        Args:
            name (NtuName): The sample.
            result (SampleResult): Its result.
        """
        if name in self.waiting:
            self.waiting.remove(name)
        self.results[name] = result


def spread(queues: Collection[ActionQueue], number: int) -> None:
    """Set the quotas so that they make up a number, as evenly as they can.

    Classes that have no more keep what they have; the others share the rest, the
    first of them getting one more where it does not come out even.

    Args:
        queues (Collection[ActionQueue]): The classes.
        number (int): Frames wanted in total.
    """
    for queue in queues:
        queue.quota = queue.found
    rest = number - sum(queue.quota for queue in queues)
    able = [queue for queue in queues if not queue.exhausted]
    for i, queue in enumerate(able):
        queue.quota += rest // len(able) + (i < rest % len(able))
