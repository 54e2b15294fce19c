"""Report of a converter on one split."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ...utils import UserError


@dataclass
class SplitReport:
    """Report on one converted split.

    Attributes:
        path (Path): The file written.
        num_images (int): Number of its images.
        num_people (int | None): Number of its annotated people; None if every image
            has exactly one.
        missing (list[str]): Images that are not in the folder.
        unreadable (list[str]): Images that cannot be read, with the reason.
        dropped (Counter): Number of samples left out, by reason.
        notes (list[str]): Other remarks, one line each.
    """

    path: Path
    num_images: int = 0
    num_people: int | None = None
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    dropped: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Format as one line, followed by one line per note."""
        left_out = dict(self.dropped)
        for reason in ('missing', 'unreadable'):
            if names := getattr(self, reason):
                left_out[f'images {reason}'] = len(names)
        reasons = ', '.join(f'{n} {reason}' for reason, n in left_out.items())
        people = '' if self.num_people is None else f', {self.num_people} people'
        line = (
            f'{self.path}: {self.num_images} images{people}, '
            f'left out: {reasons or "none"}'
        )
        return '\n'.join([line, *(f'  note: {note}' for note in self.notes)])

    def require_images(self, total: int, image_dir: Path, allow_missing: bool) -> None:
        """Raise if images are missing or unreadable, or none are left.

        Args:
            total (int): Number of samples asked for.
            image_dir (Path): The folder that was searched for images.
            allow_missing (bool): Whether missing and unreadable images may be left
                out.

        Raises:
            UserError: If the split cannot be written.
        """
        fix = (
            'complete the folder, or leave them out with allow_missing/--allow-missing'
        )
        for word, names in (
            ('missing from', self.missing),
            ('unreadable in', self.unreadable),
        ):
            if names and not allow_missing:
                few = ', '.join(names[:3]) + (', ...' if len(names) > 3 else '')
                raise UserError(
                    f'{len(names)} of {total} images are {word} {image_dir}: {few}',
                    fix,
                )
        if self.num_images == 0:
            raise UserError(
                f'no images are left for {self.path.name}: of {total}, '
                f'{len(self.missing)} are missing from {image_dir}, '
                f'{len(self.unreadable)} unreadable, {self.dropped.total()} dropped',
                'check the image folder',
            )
