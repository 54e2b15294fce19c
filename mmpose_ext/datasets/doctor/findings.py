"""What the doctor finds, and how it is told."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Makes a data set unusable or its scores wrong; probably wrong; worth knowing.
LEVELS = ('fatal', 'warning', 'note')
_EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """One kind of thing found in a data set.

    Attributes:
        level (str): ``fatal``, ``warning`` or ``note``.
        check (str): Short name of the check, stable for scripts.
        message (str): What it is, in words.
        count (int): How many there are.
        examples (tuple[str, ...]): Where the first few are.
    """

    level: str
    check: str
    message: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line."""
        few = '; '.join(self.examples)
        more = '; ...' if self.count > len(self.examples) > 0 else ''
        where = f' ({few}{more})' if few else ''
        return f'{self.level:<8}{self.count:>7}  {self.message}{where}'


@dataclass
class Diagnosis:
    """All that was found in one data set.

    Attributes:
        name (str): What was examined.
        counts (dict[str, Any]): Images, people, joints.
        findings (list[Finding]): In the order of the checks.
    """

    name: str
    counts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, level: str, check: str, message: str, where: Sequence[str]) -> None:
        """Note a finding, unless there is none.

        Args:
            level (str): One of :data:`LEVELS`.
            check (str): Short name.
            message (str): What it is.
            where (Sequence[str]): Every place.
        """
        if where:
            few = tuple(where[:_EXAMPLES])
            self.findings.append(Finding(level, check, message, len(where), few))

    @property
    def fatal(self) -> bool:
        """Whether anything fatal was found."""
        return any(finding.level == 'fatal' for finding in self.findings)

    def __str__(self) -> str:
        """Counts and findings, the worst first."""
        lines = [self.name]
        for name, value in self.counts.items():
            if isinstance(value, dict):
                value = ', '.join(f'{k} {v}' for k, v in value.items())
            lines.append(f'  {name}: {value}')
        ranked = sorted(self.findings, key=lambda f: LEVELS.index(f.level))
        lines += [f'  {finding}' for finding in ranked]
        if not ranked:
            lines.append('  nothing found')
        return '\n'.join(lines)

    def as_dict(self) -> dict[str, Any]:
        """For json."""
        return asdict(self)
