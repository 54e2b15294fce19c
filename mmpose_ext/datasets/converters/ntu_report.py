"""What an extraction of NTU's frames did and could not do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .ntu_quota import ActionQueue
from .ntu_samples import NtuSamples


@dataclass
class NtuReport:
    """What became of an extraction.

    Attributes:
        path (Path): The annotation file.
        asked (int): Frames asked for.
        per_action (dict[int, int]): Frames written, by class.
        samples (NtuSamples): What was there.
        num_samples (int): Samples that frames were taken from.
        dropped (Counter): Frames of the samples looked at that could not be taken,
            by reason.
        ties (list[str]): Samples in which two bodies move alike.
        problems (list[str]): Samples that could not be used, a line each.
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
        """Sum up what came of the samples.

        Args:
            path (Path): The annotation file.
            asked (int): Frames asked for.
            samples (NtuSamples): What was there.
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
        """Frames written."""
        return sum(self.per_action.values())

    def __str__(self) -> str:
        """A summary of some lines."""
        counts = [*self.per_action.values()]
        lines = [
            f'{self.path}: {self.num_images} of {self.asked} frames, '
            f'{len(counts)} classes with {min(counts)} to {max(counts)} each, '
            f'from {self.num_samples} videos',
        ]
        if self.dropped:
            reasons = ', '.join(f'{n} {why}' for why, n in self.dropped.items())
            lines.append(f'  frames that could not be taken: {reasons}')
        for what, names in (
            ('left out, on the official list of missing skeletons',
             self.samples.listed_missing),
            ('in which two bodies move alike (the first was taken)', self.ties),
            ('without a video', self.samples.without_video),
            ('without a skeleton', self.samples.without_skeleton),
        ):  # fmt: skip
            if names:
                few = ', '.join(names[:3]) + (', ...' if len(names) > 3 else '')
                lines.append(f'  samples {what}: {len(names)} ({few})')
        if self.problems:
            lines.append(f'  samples that could not be used: {len(self.problems)}')
            lines += [f'    {problem}' for problem in self.problems]
        return '\n'.join(lines)
