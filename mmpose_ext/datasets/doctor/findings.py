"""The doctor's findings and their report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .checks import CHECKS

#: In this order: stops training or scoring or makes their results wrong; probably
#: wrong; worth knowing.
LEVELS = ('fatal', 'warning', 'note')
_EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """One kind of fault found in a data set.

    Attributes:
        level (str): ``fatal``, ``warning`` or ``note``.
        check (str): Short name of the check, stable for scripts.
        message (str): Description of the fault.
        count (int): Number of occurrences.
        examples (tuple[str, ...]): Places of the first few.
        file (str): Name of the file that contains them.
        fix (str): How to fix it.
    """

    level: str
    check: str
    message: str
    count: int
    examples: tuple[str, ...] = ()
    file: str = ''
    fix: str = ''

    def __str__(self) -> str:
        """Format as one line: what is wrong, where, and how to fix it."""
        more = '; ...' if self.count > len(self.examples) > 0 else ''
        places = '; '.join(self.examples) + more
        where = ': '.join(part for part in (self.file, places) if part)
        line = f'{self.level:<8}{self.count:>7}  {self.message}'
        line += f' ({where})' if where else ''
        return f'{line}; fix: {self.fix}' if self.fix else line


@dataclass
class Diagnosis:
    """All findings in one data set.

    Attributes:
        name (str): What was examined.
        file (str): Name of the annotation file; empty for comparisons of two.
        counts (dict[str, Any]): Numbers of images, people and joints.
        findings (list[Finding]): In the order of the checks.
    """

    name: str
    file: str = ''
    counts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(
        self, check: str, where: Sequence[str], level: str = '', detail: str = ''
    ) -> None:
        """Add a finding, unless ``where`` is empty.

        Args:
            check (str): A key of :data:`~mmpose_ext.datasets.doctor.checks.CHECKS`,
                which holds the message and the fix.
            where (Sequence[str]): All places of the fault.
            level (str): Level, if it differs from the check's usual one.
            detail (str): Addition to the message.
        """
        if where:
            known = CHECKS[check]
            few = tuple(printable(place) for place in where[:_EXAMPLES])
            message = f'{known.message}: {detail}' if detail else known.message
            self.findings.append(
                Finding(
                    level or known.level,
                    check,
                    printable(message),
                    len(where),
                    few,
                    printable(self.file),
                    known.fix,
                )
            )

    @property
    def fatal(self) -> bool:
        """Whether anything fatal was found."""
        return any(finding.level == 'fatal' for finding in self.findings)

    def __str__(self) -> str:
        """Format the counts and the findings, the worst first."""
        lines = [printable(self.name)]
        for name, value in self.counts.items():
            if isinstance(value, dict):
                value = ', '.join(f'{k} {v}' for k, v in value.items())
            lines.append(printable(f'  {name}: {value}'))
        ranked = sorted(self.findings, key=lambda f: LEVELS.index(f.level))
        lines += [f'  {finding}' for finding in ranked]
        if not ranked:
            lines.append('  nothing found')
        return '\n'.join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Convert to a dict that can be written as json."""
        return asdict(self)


def printable(text: str) -> str:
    r"""Make a text one line of characters that every terminal can encode.

    Names from a damaged file may contain line breaks and lone surrogates.

    >>> printable('left\nknee')
    'left knee'

    Args:
        text (str): The text.
    """
    line = ' '.join(text.splitlines())
    return line.encode('utf-8', 'backslashreplace').decode('utf-8')
