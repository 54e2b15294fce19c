"""Search for the newest readable checkpoint in a work folder."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...compat.checkpoint import CheckpointError, load_safely

# Entries of a checkpoint that resuming needs.
TRAINING_STATE = ('meta', 'state_dict', 'message_hub', 'optimizer')


class Discovery(NamedTuple):
    """The outcome of a search.

    Args:
        path (Path | None): The newest readable checkpoint.
        skipped (tuple[str, ...]): One line for each newer checkpoint, with the reason.
    """

    path: Path | None
    skipped: tuple[str, ...]


def _numbered(
    folder: Path, template: str, length: int
) -> Iterator[tuple[int, int, Path]]:
    """Yield a template's files with the iteration that their number stands for."""
    before, after = template.split('{}')
    pattern = re.compile(f'{re.escape(before)}(\\d+){re.escape(after)}')
    for file in folder.iterdir():
        match = pattern.fullmatch(file.name)
        if match and file.is_file():
            yield int(match.group(1)) * length, length, file


def unreadable(path: str | os.PathLike) -> str | None:
    """Explain why a run cannot resume from a file.

    Args:
        path (str | os.PathLike): A checkpoint. The whole file is read, including its
            checksums.

    Returns:
        str | None: The reason in one line; None if a run can resume from it.
    """
    try:
        content = load_safely(path, map_location='cpu')
    except (CheckpointError, OSError) as error:
        return str(getattr(error, 'what', error))
    missing = [
        key
        for key in TRAINING_STATE
        if not isinstance(content, dict) or key not in content
    ]
    return f'{path} has no {missing[0]}' if missing else None


def newest_readable(
    folder: str | os.PathLike,
    epoch_length: int,
    epoch_template: str = 'epoch_{}.pth',
    iter_template: str = 'iter_{}.pth',
) -> Discovery:
    """Find the newest checkpoint that a training can resume from.

    The number in a file name gives its age. MMEngine's file ``last_checkpoint`` is
    not used: it holds an absolute path, which is wrong once the folder is moved.

    Args:
        folder (str | os.PathLike): The work folder.
        epoch_length (int): Iterations per epoch, to compare the two kinds of names.
        epoch_template (str): Name in which ``{}`` is the number of finished epochs.
        iter_template (str): Name in which ``{}`` is the number of finished iterations.

    Returns:
        Discovery: The path, and the checkpoints that were skipped.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return Discovery(None, ())
    found = [
        *_numbered(folder, epoch_template, epoch_length),
        *_numbered(folder, iter_template, 1),
    ]
    skipped: list[str] = []
    for _, _, path in sorted(found, reverse=True):
        reason = unreadable(path)
        if reason is None:
            return Discovery(path, tuple(skipped))
        skipped.append(reason)
    return Discovery(None, tuple(skipped))
