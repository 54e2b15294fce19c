"""Writer of moving figures in NTU RGB+D's layout: videos and skeletons."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ....figures import SyntheticFigures
from ....figures.motion import sample_motion
from ....figures.scene import Scene
from ....utils import atomic_write, parallel_map
from ....utils.folders import claim_folder, remove_temporaries
from ...conventions import CONVENTIONS
from ...formats.ntu60 import (
    MISSING_LIST,
    NUM_ACTIONS,
    SKELETON_SUFFIX,
    SKELETONS,
    SUBJECTS,
    VIDEO_SUFFIX,
    VIDEOS,
)
from ..files import GENERATOR_VERSION, VAL_START
from .ntu_files import NtuBody, save_avi, save_skeleton

#: Number of frames of a video; the real ones have about 80.
NUM_FRAMES = 20
_BODY = '72057594037931101'
# A name that is never used, since the reader requires a list with at least one name.
_LISTED = 'S017C003P040R002A060'


def sample_name(number: int, split: str) -> str:
    """Name a sample as the data set does.

    As the number grows, the class changes fastest, then the subject, camera,
    replication and setup.

    Args:
        number (int): Number of the sample in its split, from 0.
        split (str): ``train`` or ``val`` of the cross-subject protocol.

    Returns:
        str: ``SsssCcccPpppRrrrAaaa``.
    """
    subjects = sorted(SUBJECTS[f'xsub-{split}'])
    turn, action = divmod(number, NUM_ACTIONS)
    subject = subjects[(turn + action) % len(subjects)]
    rest = turn // len(subjects)
    camera, replication, setup = rest % 3, rest // 3 % 2, rest // 6
    return (
        f'S{setup + 1:03d}C{camera + 1:03d}P{subject:03d}'
        f'R{replication + 1:03d}A{action + 1:03d}'
    )


def render_motion(
    figures: SyntheticFigures, index: int, num_frames: int, image: bool = True
) -> Iterator[Scene]:
    """Draw a person in motion, with a fixed camera, place and light.

    Args:
        figures (SyntheticFigures): The generator; its number of people and
            occluders are not used.
        index (int): Number of the video.
        num_frames (int): Number of frames.
        image (bool): Whether to paint images; otherwise there are only annotations.

    Yields:
        Scene: The scene of each frame, with at most one person.
    """
    # Random streams that differ from those of the image of the same number.
    streams = np.random.SeedSequence([figures.seed, int(index), 1]).spawn(3)
    layout, around = (np.random.default_rng(s) for s in streams[:2])
    people, camera = sample_motion(layout, figures.size, num_frames)
    clutter = figures.surround(around, people[:1], camera, 0.0)
    for person in people:
        # The same colors, light and noise in every frame.
        look = np.random.default_rng(streams[2]) if image else None
        yield figures.compose(index, [person], camera, clutter, look)


def kinect_body(scene: Scene) -> list[NtuBody]:
    """Annotate a scene as Kinect would.

    Its images are mirrored, and so are its camera coordinates: x to the right of the
    mirrored image, y up, z away from the camera. Occluded joints count as inferred.

    Args:
        scene (Scene): A scene with at most one person.

    Returns:
        list[NtuBody]: The body; empty if nobody is visible.
    """
    if not scene.persons:
        return []
    joints = scene.persons[0].keypoints(CONVENTIONS['ntu'])
    pixels = joints[:, :2] * (-1, 1) + (scene.size[0] - 1, 0)
    xyz = scene.persons[0].keypoints3d(CONVENTIONS['ntu']) * (-1, -1, 1)
    return [NtuBody(_BODY, xyz, pixels, joints[:, 2].astype(int))]


def _make(
    job: int, num_train: int, figures: SyntheticFigures, out: Path, num_frames: int
) -> None:
    """Write video ``job``, training videos first."""
    is_val = job >= num_train
    split, number = ('val', job - num_train) if is_val else ('train', job)
    name = sample_name(number, split)
    skeleton = out / SKELETONS / f'{name}{SKELETON_SUFFIX}'
    video = out / VIDEOS / f'{name}{VIDEO_SUFFIX}'
    if skeleton.exists() and video.exists():
        return
    index = number + (VAL_START if is_val else 0)
    bodies = []

    def images() -> Iterator[np.ndarray]:
        blank = np.zeros((figures.size[1], figures.size[0], 3), np.uint8)
        for scene in render_motion(figures, index, num_frames):
            bodies.append(kinect_body(scene))
            image = blank if scene.image is None else scene.image
            yield np.ascontiguousarray(image[:, ::-1])

    save_avi(video, images())
    save_skeleton(skeleton, bodies, figures.size)


def write_ntu(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_train: int,
    num_val: int,
    workers: int = 0,
    num_frames: int = NUM_FRAMES,
) -> list[Path]:
    """Write ``nturgb+d_rgb/*_rgb.avi`` and ``nturgb+d_skeletons/*.skeleton``.

    The videos are Motion JPEG of the generator's size; the color coordinates refer to
    it. A list of samples with missing skeletons is written too; it names a sample that
    does not exist. Existing samples are kept.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set, created if necessary.
        num_train (int): Number of videos of training subjects (X-Sub).
        num_val (int): Number of videos of validation subjects.
        workers (int): Number of threads; for 0 and 1 no thread is started.
        num_frames (int): Number of frames per video.

    Returns:
        list[Path]: The folders of videos and skeletons.

    Raises:
        UserError: If the folder cannot be written to, or contains other data.
    """
    out = Path(out_dir)
    config = {
        **figures.config,
        'num_frames': num_frames,
        'version': GENERATOR_VERSION,
    }
    claim_folder(out / SKELETONS, out / 'synthetic_ntu.json', config)
    remove_temporaries(out / VIDEOS)
    remove_temporaries(out, MISSING_LIST)
    with atomic_write(out / MISSING_LIST) as temporary:
        text = f'1 of the samples have missing skeletons.\n\n{_LISTED}\n'
        temporary.write_text(text, encoding='utf-8')
    job = partial(
        _make, num_train=num_train, figures=figures, out=out, num_frames=num_frames
    )
    count = num_train + num_val
    # Threads, since forked processes hang once OpenCV has opened a video.
    made = parallel_map(job, range(count), max(1, workers))
    for _ in tqdm(made, 'ntu', count, unit='video'):
        pass
    return [out / VIDEOS, out / SKELETONS]
