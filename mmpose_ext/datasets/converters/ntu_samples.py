"""Which samples of NTU RGB+D 60 are there."""

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
    """What is there of the samples that were asked for.

    Attributes:
        names (list[NtuName]): With a video and a skeleton, in order.
        without_video (list[str]): With a skeleton only.
        without_skeleton (list[str]): With a video only.
        listed_missing (list[str]): Left out, since their skeletons are on the
            official list of missing ones.
    """

    names: list[NtuName]
    without_video: list[str]
    without_skeleton: list[str]
    listed_missing: list[str]


def load_missing_list(path: str | os.PathLike) -> frozenset[str]:
    """Read the official list of samples with missing skeletons.

    Args:
        path (str | os.PathLike): The file; lines that are no names are skipped.

    Returns:
        frozenset[str]: The names.

    Raises:
        UserError: If it cannot be read or has no name.
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
        raise UserError(f'{path} is no text', fix) from None
    stems = (line.strip().split('.')[0] for line in text.splitlines())
    names = frozenset(stem for stem in stems if NtuName.parse(stem))
    if not names:
        raise UserError(f'{path} names no sample', fix)
    return names


def _stems(folder: Path, suffix: str, what: str) -> set[str]:
    if not folder.is_dir():
        raise UserError(
            f'no folder {folder}', f'unpack the official {what} of NTU RGB+D there'
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
        root (Path): With ``nturgb+d_rgb`` and ``nturgb+d_skeletons``.
        subjects (Iterable[int]): Performers to take.
        missing (frozenset[str]): Names to leave out.

    Returns:
        NtuSamples: What is there, classes 1 to 60 only.

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
            'the default takes the X-Sub validation subjects; --subjects all takes '
            'every one',
        )
    return NtuSamples(
        complete,
        [n.name for n in names if n.name not in videos],
        [n.name for n in names if n.name not in skeletons],
        listed,
    )
