"""Selection and extraction of the frames of one NTU sample."""

import json
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2
import numpy as np

from ...utils import UserError, write_json_atomic
from ...utils.pictures import write_picture
from ...utils.reasons import reason_of
from ..formats.mpii import HEAD_SIZE_OF_LENGTH
from ..formats.ntu60 import SKELETON_SUFFIX, SKELETONS, VIDEO_SUFFIX, VIDEOS, NtuName
from .avi import VideoError, read_avi_header, read_frames
from .boxes import joints_to_bbox
from .ntu_skeleton import SkeletonError, Track, load_skeleton, most_moving

NECK, HEAD = 2, 3
_GOLDEN = 0.6180339887498949
JOURNAL = '.extraction'
# Errors that NumPy and OpenCV raise on damaged content that the readers accept.
_ODD_INPUT = (ValueError, ArithmeticError, IndexError, cv2.error)


@dataclass(frozen=True)
class Extraction:
    """Settings that the extraction of every sample depends on.

    Attributes:
        root (str): Folder with ``nturgb+d_rgb`` and ``nturgb+d_skeletons``.
        out_dir (str): Folder with ``images`` and the journal.
        seed (int): Seed of the choice of frames.
        quality (int): Quality of the JPEGs.
    """

    root: str
    out_dir: str
    seed: int
    quality: int

    def video(self, name: str) -> Path:
        """Return the path of a sample's video."""
        return Path(self.root) / VIDEOS / f'{name}{VIDEO_SUFFIX}'

    def skeleton(self, name: str) -> Path:
        """Return the path of a sample's skeletons."""
        return Path(self.root) / SKELETONS / f'{name}{SKELETON_SUFFIX}'

    def image(self, name: str, frame: int) -> Path:
        """Return the path of the image written for a frame, numbered from 0."""
        return Path(self.out_dir) / 'images' / f'{name}_f{frame:04d}.jpg'


@dataclass
class SampleResult:
    """Result of extracting one sample.

    Attributes:
        name (str): The sample.
        asked (int): Number of frames asked for.
        usable (int): Number of usable frames.
        dropped (dict[str, int]): Number of unusable frames, by reason.
        tie (bool): Whether two bodies move by about the same amount.
        problem (str): Why the sample cannot be used; empty if it can.
        size (tuple[int, int]): Width and height of the video.
        frames (list[dict]): The frames taken: ``frame``, ``keypoints`` (25 x 3) and
            ``head_size``.
        source (list[int]): Size and modification time of video and skeleton.
    """

    name: str
    asked: int
    usable: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    tie: bool = False
    problem: str = ''
    size: tuple[int, int] = (0, 0)
    frames: list[dict] = field(default_factory=list)
    source: list[int] = field(default_factory=list)


def usable_frames(
    track: Track, num_frames: int, size: tuple[int, int]
) -> tuple[np.ndarray, Counter]:
    """Find the rows of a track in which all joints lie in the image.

    Args:
        track (Track): The body.
        num_frames (int): Number of frames of the file.
        size (tuple[int, int]): Width and height of the video.

    Returns:
        tuple[np.ndarray, Counter]: The rows, and the numbers of the other frames by
        reason.
    """
    finite = np.isfinite(track.pixels).all(axis=(1, 2))
    with np.errstate(invalid='ignore'):
        inside = ((track.pixels >= 0) & (track.pixels <= np.array(size) - 1)).all(
            (1, 2)
        )
    dropped = Counter(
        {
            'without the body': num_frames - len(track.frames),
            'with the body not tracked': int((~track.tracked).sum()),
            'with joints that are nan': int((track.tracked & ~finite).sum()),
            'with joints outside the image': int(
                (track.tracked & finite & ~inside).sum()
            ),
        }
    )
    rows = np.flatnonzero(track.tracked & finite & inside)
    joints = np.concatenate([track.pixels, track.states[..., None]], axis=-1)
    seen = np.array([has_extent(joints[row], size) for row in rows], dtype=bool)
    dropped['with joints that are not tracked or span no area'] = int((~seen).sum())
    return rows[seen], +dropped


def has_extent(joints: np.ndarray, size: tuple[int, int]) -> bool:
    """Check whether the tracked and inferred joints span a box of at least a pixel.

    Args:
        joints (np.ndarray): x, y, state in shape (25, 3); joints of state 0 are
            neither tracked nor inferred.
        size (tuple[int, int]): Width and height of the video.

    Returns:
        bool: Whether they do; False if there are no such joints.
    """
    return joints_to_bbox(joints, size, 1.0) is not None


def frame_order(name: str, seed: int, number: int) -> np.ndarray:
    """Order frames so that the first n are spread over the video for every n.

    The order follows multiples of the golden ratio, from a start that depends on
    sample and seed.

    Args:
        name (str): The sample.
        seed (int): The seed.
        number (int): Number of frames.

    Returns:
        np.ndarray: A permutation of ``range(number)``.
    """
    start = np.random.default_rng([seed, zlib.crc32(name.encode())]).random()
    places = (start + _GOLDEN * np.arange(4 * number + 8)) % 1 * number
    order = list(dict.fromkeys(places.astype(int).tolist()))
    return np.array(order + sorted(set(range(number)) - set(order)), dtype=int)


def kinect_head_size(xyz: np.ndarray, pixels: np.ndarray) -> float | None:
    """Estimate PCKh's unit from a Kinect skeleton.

    MPII's head extends from the upper neck to the head top. Kinect gives the center
    of the head, so twice the distance from neck to head is used. It is measured in
    meters, so that a bowed head does not look small, and converted to pixels by the
    ratio of the spreads of all joints in the image and in the plane parallel to it.

    Args:
        xyz (np.ndarray): Joints in meters, shape (25, 3).
        pixels (np.ndarray): Joints in the color image, shape (25, 2).

    Returns:
        float | None: Pixels; None if it cannot be estimated from this skeleton.
    """
    spread = np.linalg.norm(xyz[:, :2] - xyz[:, :2].mean(axis=0))
    length = 2 * np.linalg.norm(xyz[HEAD] - xyz[NECK])
    if not np.isfinite(spread) or spread <= 0:
        return None
    scale = np.linalg.norm(pixels - pixels.mean(axis=0)) / spread
    return round(float(HEAD_SIZE_OF_LENGTH * length * scale), 3)


def extract_sample(job: tuple[NtuName, int], extraction: Extraction) -> SampleResult:
    """Write some frames of a sample, or reuse what an earlier run wrote.

    Args:
        job (tuple[NtuName, int]): The sample, and the number of frames to write.
        extraction (Extraction): The settings.

    Returns:
        SampleResult: The result; ``problem`` describes bad input.

    Raises:
        UserError: If a file cannot be written.
    """
    name, asked = job[0].name, job[1]
    journal = Path(extraction.out_dir) / JOURNAL / f'{name}.json'
    source = _source(name, extraction)
    if done := _recall(journal, asked, source, extraction):
        return done
    result = SampleResult(name, asked, source=source)
    written: list[Path] = []
    try:
        _extract(result, extraction, written)
    except BaseException as error:
        # Leave no images of a sample that failed or was interrupted.
        for path in written:
            path.unlink(missing_ok=True)
        problem = _problem_of(name, error)
        if problem is None:
            raise
        result.problem, result.frames = problem, []
    write_json_atomic(journal, asdict(result))
    return result


def _problem_of(name: str, error: BaseException) -> str | None:
    """Describe an error caused by a sample's files; None if it has another cause."""
    if isinstance(error, SkeletonError | VideoError):
        return error.what
    if isinstance(error, _ODD_INPUT) and not isinstance(error, UserError):
        return f'sample {name} cannot be used: {reason_of(error)}'
    return None


def _source(name: str, extraction: Extraction) -> list[int]:
    """Return size and time of a sample's files, which show whether they changed."""
    stats = [
        path.stat()
        for path in (extraction.video(name), extraction.skeleton(name))
        if path.exists()
    ]
    return [number for stat in stats for number in (stat.st_size, stat.st_mtime_ns)]


def _recall(
    journal: Path, asked: int, source: list[int], extraction: Extraction
) -> SampleResult | None:
    try:
        result = SampleResult(**json.loads(journal.read_text(encoding='utf-8')))
    except (OSError, ValueError, TypeError):
        return None
    result.size = (result.size[0], result.size[1])
    images = [extraction.image(result.name, f['frame']) for f in result.frames]
    same = (result.asked, result.source) == (asked, source)
    # Earlier versions took frames whose joints span no box.
    frames = (np.array(frame['keypoints']) for frame in result.frames)
    same &= all(has_extent(joints, result.size) for joints in frames)
    return result if same and all(image.is_file() for image in images) else None


def _extract(result: SampleResult, extraction: Extraction, written: list[Path]) -> None:
    """Fill in a result; append the images written to ``written``."""
    header = read_avi_header(extraction.video(result.name))
    result.size = (header.width, header.height)
    path = extraction.skeleton(result.name)
    number, tracks = load_skeleton(path)
    if not tracks:
        raise SkeletonError(f'{path} has no body in any of its {number} frames')
    track, result.tie = most_moving(tracks, number)
    rows, dropped = usable_frames(track, number, result.size)
    beyond = track.frames[rows] >= header.frames
    if beyond.any():
        dropped['beyond the end of the video'] = int(beyond.sum())
        rows = rows[~beyond]
    result.usable, result.dropped = len(rows), dict(dropped)
    if not len(rows):
        reasons = ', '.join(f'{n} {why}' for why, n in dropped.items())
        raise SkeletonError(f'{path} has no usable frame: {reasons}')
    order = frame_order(result.name, extraction.seed, len(rows))
    chosen = np.sort(rows[order[: result.asked]])
    by_frame = {int(track.frames[row]): row for row in chosen}
    video = extraction.video(result.name)
    for frame, image in read_frames(video, list(by_frame)):
        if image.shape[1::-1] != result.size:
            raise VideoError(
                f'video {video} has frames of {image.shape[1::-1]}, its header says '
                f'{result.size}'
            )
        path = extraction.image(result.name, frame)
        if not path.exists():
            written.append(path)
        write_picture(path, image, extraction.quality)
        row = by_frame[frame]
        joints = np.column_stack([track.pixels[row], track.states[row]])
        head = kinect_head_size(track.xyz[row], track.pixels[row])
        result.frames.append(
            dict(frame=frame, keypoints=joints.round(3).tolist(), head_size=head)
        )
