"""MATLAB files with the structure of MPII's official ones."""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.io import savemat

from ....utils import atomic_write
from ...formats.mpii import HEAD_TOP, UPPER_NECK

# MPII's short names, in its order.
_JOINT_NAMES = (
    'rank', 'rkne', 'rhip', 'lhip', 'lkne', 'lank', 'pelv', 'thor', 'neck', 'head',
    'rwri', 'relb', 'rsho', 'lsho', 'lelb', 'lwri',
)  # fmt: skip


class ReleasePerson(NamedTuple):
    """One person of the release.

    Attributes:
        center (tuple[float, float] | None): Rough position in 1-based pixels.
        scale (float): Height in units of 200 pixels.
        joints (np.ndarray | None): x, y, visibility in shape (16, 3); None for
            people of the test set.
        head_box (np.ndarray | None): x1, y1, x2, y2.
        single (bool): Whether ``single_person`` lists the person.
    """

    center: tuple[float, float] | None
    scale: float
    joints: np.ndarray | None
    head_box: np.ndarray | None
    single: bool = True


class ReleaseImage(NamedTuple):
    """One image of the release.

    Attributes:
        name (str): File name.
        is_train (bool): Whether the image belongs to the training set.
        people (Sequence[ReleasePerson]): The persons.
    """

    name: str
    is_train: bool
    people: Sequence[ReleasePerson]


def _structs(entries: Sequence[dict[str, Any]]) -> np.ndarray:
    """Make a MATLAB struct array; missing fields are empty, as in the release."""
    if not entries:
        return np.empty((0, 0))
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    array = np.empty((1, len(entries)), dtype=[(name, object) for name in names])
    for i, entry in enumerate(entries):
        for name in names:
            array[0, i][name] = entry.get(name, np.empty((0, 0)))
    return array


def _annorect(person: ReleasePerson) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if person.head_box is not None:
        entry.update(zip(('x1', 'y1', 'x2', 'y2'), person.head_box, strict=True))
    if person.joints is not None:
        points: list[dict[str, Any]] = []
        for k, (x, y, v) in enumerate(person.joints.tolist()):
            if v > 0:
                points.append(dict(x=x, y=y, id=k))
                if k not in (UPPER_NECK, HEAD_TOP):
                    points[-1]['is_visible'] = str(int(v == 2))
        entry['annopoints'] = _structs([dict(point=_structs(points))])
    if person.center is not None:
        x, y = person.center
        entry['scale'] = person.scale
        entry['objpos'] = _structs([dict(x=x, y=y)])
    return entry


def save_mpii_release(path: str | os.PathLike, images: Sequence[ReleaseImage]) -> None:
    """Write a file with the structure of ``mpii_human_pose_v1_u12_1.mat``.

    It reproduces the oddities of the original: head joints have no ``is_visible``,
    which otherwise is a character; fields without a value are missing or empty.

    Args:
        path (str | os.PathLike): The file to write.
        images (Sequence[ReleaseImage]): Its content.

    Raises:
        UserError: If it cannot be written.
    """
    singles = np.empty((len(images), 1), dtype=object)
    for i, image in enumerate(images):
        numbers = [k + 1 for k, p in enumerate(image.people) if p.single]
        singles[i, 0] = np.array(numbers, dtype=np.uint8)[:, None]
    annolist = _structs(
        [
            dict(
                image=_structs([dict(name=image.name)]),
                annorect=_structs([_annorect(p) for p in image.people]),
            )
            for image in images
        ]
    )
    flags = np.array([[image.is_train for image in images]], dtype=np.uint8)
    release = dict(
        annolist=annolist, img_train=flags, version='12', single_person=singles
    )
    with atomic_write(path) as temporary:
        savemat(temporary, {'RELEASE': _structs([release])}, do_compression=True)


def save_mpii_gt_val(path: str | os.PathLike, people: Sequence[ReleasePerson]) -> None:
    """Write a file with the structure of ``mpii_gt_val.mat``.

    Args:
        path (str | os.PathLike): The file to write.
        people (Sequence[ReleasePerson]): The people of the validation split, in
            order, with joints and head boxes.

    Raises:
        ValueError: If a person lacks joints or a head box.
        UserError: If it cannot be written.
    """
    boxes, joints = [], []
    for person in people:
        if person.joints is None or person.head_box is None:
            raise ValueError('a person of the validation split lacks joints or head')
        joints.append(person.joints)
        boxes.append(person.head_box.reshape(2, 2))
    stacked = np.stack(joints)
    missing = stacked[..., 2] == 0
    places = np.where(missing[..., None], 0, stacked[..., :2]).transpose(1, 2, 0)
    names = np.array([_JOINT_NAMES], dtype=object)
    content = dict(
        jnt_missing=missing.T.astype(np.uint8),
        pos_pred_src=np.zeros_like(places),
        pos_gt_src=places,
        headboxes_src=np.stack(boxes).transpose(1, 2, 0),
        dataset_joints=names,
    )
    with atomic_write(path) as temporary:
        savemat(temporary, content, do_compression=True)
