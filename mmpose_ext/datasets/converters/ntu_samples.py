"""Search for the samples of NTU RGB+D 60 in a folder."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...utils import UserError
from ..formats.ntu60 import (
    MISSING_LIST,
    NUM_ACTIONS,
    SKELETON_SUFFIX,
    SKELETONS,
    VIDEO_SUFFIX,
    VIDEOS,
    NtuName,
)


@dataclass
class NtuSamples:
    """The available samples among those asked for.

    Attributes:
        names (list[NtuName]): Samples with a video and a skeleton, in order.
        without_video (list[str]): Samples with a skeleton only.
        without_skeleton (list[str]): Samples with a video only.
        listed_missing (list[str]): Samples left out because the official list says
            that their skeletons are missing.
    """

    names: list[NtuName]
    without_video: list[str]
    without_skeleton: list[str]
    listed_missing: list[str]


def load_missing_list(path: str | os.PathLike) -> frozenset[str]:
    """Read the official list of samples with missing skeletons.

    Args:
        path (str | os.PathLike): The file; lines that are not names are skipped.

    Returns:
        frozenset[str]: The names.

    Raises:
        UserError: If it cannot be read or contains no name.
    """
    fix = (
        f"fetch {MISSING_LIST} from the data set's repository, or give "
        '--missing-list none'
    )
    try:
        text = Path(path).read_text(encoding='utf-8')
    except OSError as error:
        raise UserError(
            f'cannot read the list of missing skeletons {path}: {error.strerror}', fix
        ) from None
    except UnicodeDecodeError:
        raise UserError(f'{path} is not a text file', fix) from None
    stems = (line.strip().split('.')[0] for line in text.splitlines())
    names = frozenset(stem for stem in stems if NtuName.parse(stem))
    if not names:
        raise UserError(f'{path} does not name any sample', fix)
    return names


def _stems(folder: Path, suffix: str, what: str) -> set[str]:
    if not folder.is_dir():
        raise UserError(
            f'folder {folder} does not exist',
            f'unpack the official {what} of NTU RGB+D there',
        )
    return {
        path.name[: -len(suffix)]
        for path in folder.iterdir()
        if path.name.endswith(suffix)
    }


def find_samples(
    root: Path, subjects: Iterable[int], missing: frozenset[str]
) -> NtuSamples:
    """Pair the videos and skeletons of some subjects.

    Args:
        root (Path): Folder with ``nturgb+d_rgb`` and ``nturgb+d_skeletons``.
        subjects (Iterable[int]): Performers to take.
        missing (frozenset[str]): Names to leave out.

    Returns:
        NtuSamples: The available samples of classes 1 to 60.

    Raises:
        UserError: If a folder is missing or no sample is complete.
    """
    videos = _stems(root / VIDEOS, VIDEO_SUFFIX, 'videos')
    skeletons = _stems(root / SKELETONS, SKELETON_SUFFIX, 'skeletons')
    wanted = set(subjects)
    parsed = (NtuName.parse(stem) for stem in sorted(videos | skeletons))
    names = [n for n in parsed if n and n.subject in wanted and n.action <= NUM_ACTIONS]
    listed = [n.name for n in names if n.name in missing]
    names = [n for n in names if n.name not in missing]
    complete = [n for n in names if n.name in videos and n.name in skeletons]
    if not complete:
        raise UserError(
            f'no sample of the subjects asked for has both a video and a skeleton in '
            f'{root} ({len(videos)} videos, {len(skeletons)} skeletons in all)',
            'add their files, or choose other subjects with --subjects (the default '
            'is the X-Sub validation set)',
        )
    return NtuSamples(
        complete,
        [n.name for n in names if n.name not in videos],
        [n.name for n in names if n.name not in skeletons],
        listed,
    )
