"""Reader of NTU RGB+D's ``.skeleton`` files."""

import os
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...utils import UserError
from ..formats.ntu60 import NUM_JOINTS

_COLUMNS = 12
_BODY_COLUMNS = 10
# The columns x, y, z, colorX, colorY and trackingState of a joint.
_KEPT = (0, 1, 2, 5, 6, 11)
# Microsoft's runtime prints nan as -1.#IND and such.
_NOT_A_NUMBER = re.compile(r'[-+]?(nan(\(.*\))?|1\.#\w+)', re.IGNORECASE)


class SkeletonError(UserError):
    """A ``.skeleton`` file that is missing or malformed."""


class Track(NamedTuple):
    """One body over time.

    Attributes:
        body (str): Kinect's id of the body.
        frames (np.ndarray): Frames in which it appears, from 0, shape (T,).
        tracked (np.ndarray): Whether its tracking state there is not 0, (T,).
        xyz (np.ndarray): Joints in meters in camera coordinates, (T, 25, 3).
        pixels (np.ndarray): Joints in the color image, (T, 25, 2); may be nan.
        states (np.ndarray): 2 tracked, 1 inferred, 0 neither, (T, 25).
    """

    body: str
    frames: np.ndarray
    tracked: np.ndarray
    xyz: np.ndarray
    pixels: np.ndarray
    states: np.ndarray


class _Lines:
    """Line-by-line reader of a file whose errors give the line number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding='ascii')
        except OSError as error:
            raise SkeletonError(
                f'cannot read skeleton {path}: {error.strerror}',
                'unpack the official skeletons there',
            ) from None
        except UnicodeDecodeError:
            raise self.error('is not a text file', number=1) from None
        self.lines = text.split('\n')
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        self.next = 0

    def error(self, what: str, number: int | None = None) -> SkeletonError:
        line = self.next if number is None else number
        return SkeletonError(
            f'{self.path}, line {line}: {what}', 'fetch the file again'
        )

    def take(self, where: str) -> str:
        if self.next >= len(self.lines):
            raise self.error(f'the file ends in {where}')
        self.next += 1
        return self.lines[self.next - 1].strip()

    def count(self, what: str, where: str) -> int:
        text = self.take(where)
        if not text.isdigit():
            raise self.error(f'{text[:40]!r} is not a number of {what} ({where})')
        return int(text)

    def row(self, columns: int, where: str) -> list[str]:
        values = self.take(where).split()
        if len(values) != columns:
            raise self.error(f'{len(values)} columns instead of {columns} ({where})')
        return values


def load_skeleton(path: str | os.PathLike) -> tuple[int, list[Track]]:
    """Read a ``.skeleton`` file.

    The file starts with the number of frames, and each frame with its number of
    bodies, which is often 0. Each body has a line of its own, the number 25, and 25
    lines of 12 columns; columns 5 and 6, from 0, are colorX and colorY.

    Args:
        path (str | os.PathLike): The file, with Unix or DOS line endings.

    Returns:
        tuple[int, list[Track]]: The number of frames, and the bodies in the order
        of their appearance.

    Raises:
        SkeletonError: If the file is missing or malformed: a wrong number of joints,
            columns or lines, or a body that occurs twice in a frame.
    """
    lines = _Lines(Path(path))
    number = lines.count('frames', 'the first line')
    if number == 0:
        raise lines.error('the file has no frames')
    bodies: dict[str, list[tuple[int, bool, np.ndarray]]] = {}
    for frame in range(number):
        where = f'frame {frame + 1} of {number}'
        for _ in range(lines.count('bodies', where)):
            body, tracked, joints = _read_body(lines, where)
            entries = bodies.setdefault(body, [])
            if entries and entries[-1][0] == frame:
                raise lines.error(f'body {body} occurs twice ({where})')
            entries.append((frame, tracked, joints))
    if lines.next < len(lines.lines):
        raise lines.error(
            f'{len(lines.lines) - lines.next} lines are left after frame {number}, '
            'the last one according to the first line'
        )
    return number, [_track(body, entries) for body, entries in bodies.items()]


def _read_body(lines: _Lines, where: str) -> tuple[str, bool, np.ndarray]:
    info = lines.row(_BODY_COLUMNS, where)
    if (number := lines.count('joints', where)) != NUM_JOINTS:
        raise lines.error(f'{number} joints instead of {NUM_JOINTS} ({where})')
    texts: list[str] = []
    for _ in range(NUM_JOINTS):
        texts += lines.row(_COLUMNS, where)
    try:
        values = [float(text) for text in texts]
    except ValueError:
        values = [_number(text, lines, where) for text in texts]
    joints = np.array(values).reshape(NUM_JOINTS, _COLUMNS)[:, _KEPT]
    return info[0], info[-1] != '0', joints


def _number(text: str, lines: _Lines, where: str) -> float:
    if _NOT_A_NUMBER.fullmatch(text):
        return np.nan
    try:
        return float(text)
    except ValueError:
        raise lines.error(f'{text[:40]!r} is not a number ({where})') from None


def _track(body: str, entries: list[tuple[int, bool, np.ndarray]]) -> Track:
    frames, tracked, joints = zip(*entries, strict=True)
    table = np.stack(joints)
    return Track(
        body,
        np.array(frames),
        np.array(tracked),
        table[..., :3],
        table[..., 3:5],
        np.nan_to_num(table[..., 5]).astype(int),
    )


def motion(track: Track, num_frames: int) -> float:
    """Measure how much a body moves.

    It is the distance of a joint from its mean position, as root mean square over all
    frames of the file (frames without the body count as 0), averaged over the joints.
    Unlike the path length, it is hardly affected by jitter, so a chair mistaken for a
    body does not surpass a person.

    Args:
        track (Track): The body.
        num_frames (int): Number of frames of the file.

    Returns:
        float: Motion in meters.
    """
    xyz = track.xyz[np.isfinite(track.xyz).all(axis=(1, 2))]
    if not len(xyz):
        return 0.0
    squares = ((xyz - xyz.mean(axis=0)) ** 2).sum(axis=(0, 2)) / num_frames
    return float(np.sqrt(squares).mean())


def most_moving(tracks: list[Track], num_frames: int) -> tuple[Track, bool]:
    """Choose the body that moves most.

    Args:
        tracks (list[Track]): The bodies of a file, at least one.
        num_frames (int): Number of frames of the file.

    Returns:
        tuple[Track, bool]: The body (in a tie, the first to appear), and whether
        another body's motion is within 1 % of it.
    """
    motions = [motion(track, num_frames) for track in tracks]
    most = max(motions)
    near = [i for i, value in enumerate(motions) if value >= 0.99 * most]
    return tracks[near[0]], len(near) > 1
