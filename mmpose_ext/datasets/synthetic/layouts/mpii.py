"""Writer of synthetic figures in MPII's layout: the release, and MMPose's JSON."""

from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ....figures import SyntheticFigures
from ....figures.scene import Person
from ....utils import write_json_atomic
from ....utils.folders import claim_folder, remove_temporaries
from ....utils.processes import process_map
from ...conventions import CONVENTIONS
from ...converters.mpii import mpii_record
from ...converters.mpii_release import MpiiPerson
from ...formats.mpii import (
    CENTER_SHIFT,
    HEAD_ASPECT,
    HEAD_TOP,
    PIXEL_STD,
    RELEASE_FILE,
    UPPER_NECK,
    VAL_FILE,
)
from ..files import GENERATOR_VERSION, VAL_START, render_file
from .mpii_mat import ReleaseImage, ReleasePerson, save_mpii_gt_val, save_mpii_release


def release_person(person: Person, others: list[Person]) -> ReleasePerson | None:
    """Annotate a figure as MPII's release would.

    Pixels count from 1 and are rounded to 1/100. Joints outside the image are not
    annotated. The scale is the longer side of the box around the visible pixels and
    the annotated joints, divided by 200. The center is chosen so that MMPose, which
    moves it down, gets the middle of that box.

    Args:
        person (Person): The figure.
        others (list[Person]): The other people in the image.

    Returns:
        ReleasePerson | None: None if no joint lies in the image.
    """
    joints = person.keypoints(CONVENTIONS['mpii'])
    known = joints[:, 2] > 0
    if not known.any():
        return None
    low, high = _extent(person)
    scale = round(float((high - low).max()) / PIXEL_STD, 6)
    x, y = ((low + high) / 2 + 1).tolist()
    joints = np.column_stack([(joints[:, :2] + 1).round(2), joints[:, 2]])
    joints[~known] = 0
    center = (round(x, 2), round(y - CENTER_SHIFT * scale, 2))
    boxes = [_extent(other) for other in others]
    alone = all((a > high).any() or (b < low).any() for a, b in boxes)
    return ReleasePerson(center, scale, joints, _head_box(person), alone)


def _extent(person: Person) -> tuple[np.ndarray, np.ndarray]:
    joints = person.keypoints(CONVENTIONS['mpii'])
    x, y, width, height = person.bbox
    corners = np.array([[x, y], [x + width - 1, y + height - 1]])
    points = np.concatenate([corners, joints[joints[:, 2] > 0, :2]])
    return points.min(axis=0), points.max(axis=0)


def _head_box(person: Person) -> np.ndarray:
    ends = person.keypoints(CONVENTIONS['mpii'])[[UPPER_NECK, HEAD_TOP], :2]
    half = np.array([HEAD_ASPECT, 1]) * person.head_length / 2
    middle = ends.mean(axis=0) + 1
    return np.concatenate([middle - half, middle + half]).round(2)


def _make(
    index: int, figures: SyntheticFigures, folder: Path, quality: int
) -> ReleaseImage:
    name = f'{index + 1:09d}.jpg'
    persons = render_file(figures, index, folder / name, quality).persons
    entries = [
        release_person(person, [p for p in persons if p is not person])
        for person in persons
    ]
    return ReleaseImage(name, True, [entry for entry in entries if entry])


def _records(images: list[ReleaseImage]) -> list[dict]:
    records = []
    for image in images:
        for p in image.people:
            assert p.center is not None
            assert p.joints is not None
            person = MpiiPerson(0, 0, p.center, p.scale, p.joints, p.head_box, p.single)
            record = mpii_record(person, image.name)
            del record['release_index']  # the published files lack it
            records.append(record)
    return records


def write_mpii(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_train: int,
    num_val: int,
    workers: int = 0,
    quality: int = 95,
) -> list[Path]:
    """Write MPII's official annotation, MMPose's JSON files and the images.

    As in the original, ``mpii_human_pose_v1_u12_1.mat`` lists all images as training
    images; only ``mpii_gt_val.mat`` tells which belong to the validation split. The
    same call resumes interrupted work; the annotations are written last.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set, created if necessary.
        num_train (int): Number of training images.
        num_val (int): Number of validation images.
        workers (int): Number of additional processes; 0 for none.
        quality (int): Quality of the JPEG files.

    Returns:
        list[Path]: The annotation files.

    Raises:
        UserError: If the folder cannot be written to, or contains other data.
    """
    out, notes = Path(out_dir), Path(out_dir) / 'annotations'
    config = {**figures.config, 'quality': quality, 'version': GENERATOR_VERSION}
    claim_folder(out / 'images', notes / 'synthetic_mpii.json', config)
    remove_temporaries(notes, 'mpii_train.json', 'mpii_val.json', VAL_FILE)
    remove_temporaries(out, RELEASE_FILE)
    job = partial(_make, figures=figures, folder=out / 'images', quality=quality)
    images: dict[str, list[ReleaseImage]] = {}
    paths = []
    for split, start, count in (('train', 0, num_train), ('val', VAL_START, num_val)):
        found = process_map(job, range(start, start + count), workers)
        images[split] = list(tqdm(found, f'mpii {split}', count, unit='img'))
    for split, made in images.items():
        if made:
            paths.append(notes / f'mpii_{split}.json')
            write_json_atomic(paths[-1], _records(made))
    people = [person for image in images['val'] for person in image.people]
    if people:
        paths.append(notes / VAL_FILE)
        save_mpii_gt_val(paths[-1], people)
    paths.append(out / RELEASE_FILE)
    save_mpii_release(paths[-1], images['train'] + images['val'])
    return paths
