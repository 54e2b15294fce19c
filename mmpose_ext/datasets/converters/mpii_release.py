"""Reader of MPII's official annotation file, ``mpii_human_pose_v1_u12_1.mat``."""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from ...utils import UserError
from ...utils.mat import load_mat
from ..formats.mpii import NUM_JOINTS, RELEASE_FILE

_FIX = f'take {RELEASE_FILE} from the official archive of MPII'


class MpiiPerson(NamedTuple):
    """One ``annorect``.

    Attributes:
        image (int): Index of the image in ``annolist``, from 0.
        rect (int): Index of the person in the image, from 0.
        center (tuple[float, float]): Rough position of the person in 1-based pixels.
        scale (float): Height of the person in units of 200 pixels.
        joints (np.ndarray): x, y (1-based pixels) and visibility, shape (16, 3);
            visibility as in COCO, 0 if the joint is not annotated.
        head_box (np.ndarray | None): x1, y1, x2, y2.
        single (bool): Whether ``single_person`` lists the person, as sufficiently
            separated from others.
    """

    image: int
    rect: int
    center: tuple[float, float]
    scale: float
    joints: np.ndarray
    head_box: np.ndarray | None
    single: bool


@dataclass
class MpiiRelease:
    """The parts of the file that describe poses.

    Attributes:
        images (list[str]): File names, in the order of ``annolist``.
        is_train (np.ndarray): Whether each image belongs to the training set.
        people (list[MpiiPerson]): People with a position and a scale.
        skipped (Counter): Number of people left out, by reason.
        notes (list[str]): Oddities, one line each.
    """

    images: list[str]
    is_train: np.ndarray
    people: list[MpiiPerson]
    skipped: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def items(value: Any) -> list:
    """List the elements of a MATLAB array that SciPy has squeezed.

    Args:
        value (Any): None, a single element or an array of elements.

    Returns:
        list: The elements; empty for None and for an empty array.
    """
    if value is None:
        return []
    return list(value.flat) if isinstance(value, np.ndarray) else [value]


def _number(owner: Any, name: str) -> float | None:
    """Return a scalar field; None if it is absent, empty or not a number."""
    found = items(getattr(owner, name, None))
    try:
        number = float(found[0]) if len(found) == 1 else None
    except (TypeError, ValueError):
        return None
    return number if number is not None and np.isfinite(number) else None


def load_mpii_release(path: str | os.PathLike, progress: bool = True) -> MpiiRelease:
    """Read MPII's official annotation file.

    Many fields of the file are missing or empty: test persons have no joints and no
    head box, some images have no person, some persons have no position, and the
    joints of the head have no ``is_visible``, which otherwise is a number or a
    character. ``single_person`` counts from 1.

    Args:
        path (str | os.PathLike): The file.
        progress (bool): Whether to show a progress bar.

    Returns:
        MpiiRelease: Its images and people.

    Raises:
        UserError: If the file is missing, damaged, or has another structure.
    """
    content = load_mat(
        path, ('RELEASE',), _FIX, struct_as_record=False, squeeze_me=True
    )
    release = content['RELEASE']
    fields = getattr(release, '_fieldnames', [])
    for name in ('annolist', 'img_train', 'single_person'):
        if name not in fields:
            raise UserError(f'RELEASE in {path} has no field {name!r}', _FIX)
    annolist = items(release.annolist)
    flags = [bool(flag) for flag in items(release.img_train)]
    singles = (
        items(release.single_person) if len(annolist) != 1 else [release.single_person]
    )
    if not len(annolist) == len(flags) == len(singles):
        raise UserError(
            f'RELEASE in {path} has {len(annolist)} images, {len(flags)} flags '
            f'img_train and {len(singles)} entries of single_person',
            _FIX,
        )
    result = MpiiRelease([], np.array(flags, dtype=bool), [])
    for i, entry in enumerate(tqdm(annolist, desc='MPII', disable=not progress)):
        file_name = getattr(getattr(entry, 'image', None), 'name', None)
        if not isinstance(file_name, str) or not file_name:
            raise UserError(f'image {i + 1} of {path} has no name', _FIX)
        result.images.append(file_name)
        single = {int(number) - 1 for number in items(singles[i])}
        for r, rect in enumerate(items(getattr(entry, 'annorect', None))):
            if person := _person(rect, i, r, r in single, result):
                result.people.append(person)
    return result


def _person(
    rect: Any, image: int, index: int, single: bool, release: MpiiRelease
) -> MpiiPerson | None:
    positions = items(getattr(rect, 'objpos', None))
    position = positions[0] if positions else None
    x, y = _number(position, 'x'), _number(position, 'y')
    scale = _number(rect, 'scale')
    if x is None or y is None or scale is None or scale <= 0:
        release.skipped['people without position or scale'] += 1
        return None
    corners = [_number(rect, name) for name in ('x1', 'y1', 'x2', 'y2')]
    box = None if None in corners else np.array(corners, dtype=float)
    where = f'person {index + 1} of {release.images[image]}'
    joints = _joints(rect, where, release.notes)
    return MpiiPerson(image, index, (x, y), scale, joints, box, single)


def _joints(rect: Any, where: str, notes: list[str]) -> np.ndarray:
    joints = np.zeros((NUM_JOINTS, 3))
    for owner in items(getattr(rect, 'annopoints', None)):
        for point in items(getattr(owner, 'point', None)):
            number, x, y = (_number(point, field) for field in ('id', 'x', 'y'))
            if number is None or x is None or y is None:
                notes.append(f'{where} has a joint without id, x or y: left out')
            elif number not in range(NUM_JOINTS):
                notes.append(f'{where} has a joint {number:g}: left out')
            elif joints[int(number), 2]:
                notes.append(f'{where} has joint {number:g} twice: kept the first')
            else:
                # Not given for the joints of the head, which are always visible.
                occluded = _number(point, 'is_visible') == 0
                joints[int(number)] = x, y, 1 if occluded else 2
    return joints
