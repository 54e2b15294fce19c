"""Summary of an extraction of frames from NTU RGB+D."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .ntu_quota import ActionQueue
from .ntu_samples import NtuSamples


@dataclass
class NtuReport:
    """Summary of an extraction.

    Attributes:
        path (Path): The annotation file.
        asked (int): Number of frames asked for.
        per_action (dict[int, int]): Number of frames written, by class.
        samples (NtuSamples): The available samples.
        num_samples (int): Number of samples that gave frames.
        dropped (Counter): Number of unusable frames in the extracted samples, by
            reason.
        ties (list[str]): Samples in which two bodies move by about the same amount.
        problems (list[str]): Samples that could not be used, one line each.
    """

    path: Path
    asked: int
    per_action: dict[int, int]
    samples: NtuSamples
    num_samples: int = 0
    dropped: Counter = field(default_factory=Counter)
    ties: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        path: Path,
        asked: int,
        samples: NtuSamples,
        queues: Mapping[int, ActionQueue],
    ) -> 'NtuReport':
        """Sum up the results of all samples.

        Args:
            path (Path): The annotation file.
            asked (int): Frames asked for.
            samples (NtuSamples): The available samples.
            queues (Mapping[int, ActionQueue]): The classes.

        Returns:
            NtuReport: The summary.
        """
        report = cls(path, asked, {a: q.found for a, q in queues.items()}, samples)
        results = [r for q in queues.values() for r in q.results.values()]
        for result in sorted(results, key=lambda r: r.name):
            report.num_samples += bool(result.frames)
            report.dropped.update(result.dropped)
            if result.tie:
                report.ties.append(result.name)
            if result.problem:
                report.problems.append(result.problem)
        return report

    @property
    def num_images(self) -> int:
        """The number of frames written."""
        return sum(self.per_action.values())

    def __str__(self) -> str:
        """Format the summary, on several lines."""
        counts = [*self.per_action.values()]
        lines = [
            f'{self.path}: {self.num_images} of {self.asked} frames, '
            f'{len(counts)} classes with {min(counts)} to {max(counts)} each, '
            f'from {self.num_samples} videos',
        ]
        if self.dropped:
            reasons = ', '.join(f'{n} {why}' for why, n in self.dropped.items())
            lines.append(f'  unusable frames: {reasons}')
        for what, names in (
            ('on the official list of missing skeletons', self.samples.listed_missing),
            ('in which two bodies move alike (the first was taken)', self.ties),
            ('without a video', self.samples.without_video),
            ('without a skeleton', self.samples.without_skeleton),
        ):
            if names:
                few = ', '.join(names[:3]) + (', ...' if len(names) > 3 else '')
                lines.append(f'  samples {what}: {len(names)} ({few})')
        if self.problems:
            lines.append(f'  samples that could not be used: {len(self.problems)}')
            lines += [f'    {problem}' for problem in self.problems]
        return '\n'.join(lines)
