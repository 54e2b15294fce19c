"""MPII's usual validation split, given by its ground truth ``mpii_gt_val.mat``."""

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.io import savemat
from scipy.spatial import cKDTree

from ...utils import UserError, atomic_write
from ...utils.mat import load_mat
from ..formats.mpii import NUM_JOINTS
from .mpii_release import MpiiPerson

FIX = (
    'take mpii_gt_val.mat from the annotations that MMPose publishes for MPII '
    '(HRNet calls it gt_valid.mat)'
)
# In pixels. Coordinates of the same person differ by about 1e-5 in the two files.
_TOLERANCE = 0.5


class MpiiValidation(NamedTuple):
    """Ground truth of the validation split.

    Attributes:
        joints (np.ndarray): x, y in 1-based pixels, shape (N, 16, 2).
        missing (np.ndarray): Whether a joint is not annotated, shape (N, 16).
        head_boxes (np.ndarray): Two corners per box, shape (N, 2, 2).
        content (dict[str, np.ndarray]): All fields of the file, unchanged.
    """

    joints: np.ndarray
    missing: np.ndarray
    head_boxes: np.ndarray
    content: dict[str, np.ndarray]


def load_mpii_validation(path: str | os.PathLike) -> MpiiValidation:
    """Read ``mpii_gt_val.mat``.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        MpiiValidation: Its content, with persons on the first axis.

    Raises:
        UserError: If it is missing, damaged, or has arrays of other shapes.
    """
    shapes = {
        'pos_gt_src': (NUM_JOINTS, 2),
        'jnt_missing': (NUM_JOINTS,),
        'headboxes_src': (2, 2),
    }
    content = load_mat(path, tuple(shapes), FIX)
    number = content['jnt_missing'].shape[-1]
    for name, shape in shapes.items():
        if content[name].shape != (*shape, number):
            raise UserError(
                f'{name!r} in {path} has shape {content[name].shape}, not '
                f'{(*shape, number)}',
                FIX,
            )
    return MpiiValidation(
        content['pos_gt_src'].transpose(2, 0, 1),
        content['jnt_missing'].T.astype(bool),
        content['headboxes_src'].transpose(2, 0, 1),
        content,
    )


def match_validation(
    people: Sequence[MpiiPerson], validation: MpiiValidation
) -> list[int]:
    """Find the persons of the validation split among the official ones.

    Since the ground-truth file does not name the images, people are identified by
    their coordinates: the head box and every joint must agree within half a pixel.

    Args:
        people (Sequence[MpiiPerson]): The people of the release's training images.
        validation (MpiiValidation): The split.

    Returns:
        list[int]: Index into ``people`` for each row of the split.

    Raises:
        UserError: If a row matches nobody.
    """
    known = [i for i, p in enumerate(people) if p.head_box is not None]
    if not known:
        raise UserError('the release has no training person with a head box', FIX)
    table = np.stack([_signature(people[i]) for i in known])
    joints = np.where(validation.missing[..., None], 0, validation.joints)
    rows = np.concatenate(
        [validation.head_boxes.reshape(-1, 4), joints.reshape(len(joints), -1)], axis=1
    )
    # Some people are in the release twice: use the nearest that no earlier row has
    # used.
    nearest = min(4, len(table))
    distances, candidates = cKDTree(table).query(
        rows, k=nearest, p=np.inf, distance_upper_bound=_TOLERANCE
    )
    distances = distances.reshape(len(rows), nearest)
    candidates = candidates.reshape(len(rows), nearest)
    taken: set[int] = set()
    found = []
    for near, choice in zip(distances, candidates, strict=True):
        free = [
            c
            for d, c in zip(near, choice, strict=True)
            if np.isfinite(d) and c not in taken
        ]
        found.append(known[free[0]] if free else -1)
        taken.update(free[:1])
    if absent := [row for row, index in enumerate(found) if index < 0]:
        few = ', '.join(str(row + 1) for row in absent[:5])
        raise UserError(
            f'{len(absent)} of {len(found)} persons of the validation split are not '
            f'in the release (rows {few}{", ..." if len(absent) > 5 else ""})',
            FIX,
        )
    return found


def _signature(person: MpiiPerson) -> np.ndarray:
    box = person.head_box
    assert box is not None
    joints = np.where(person.joints[:, 2:] > 0, person.joints[:, :2], 0)
    return np.concatenate([box, joints.ravel()])


def save_mpii_validation(
    path: str | os.PathLike, validation: MpiiValidation, rows: Sequence[int]
) -> None:
    """Write some rows of the split as a file of the same form.

    MMPose's ``MpiiDataset`` finds the head boxes by row, so a shorter JSON file needs a
    ground-truth file with the same rows.

    Args:
        path (str | os.PathLike): The file to write.
        validation (MpiiValidation): The whole split.
        rows (Sequence[int]): The rows to keep, in order.

    Raises:
        UserError: If it cannot be written.
    """
    number = len(validation.joints)
    content = {
        name: value[..., list(rows)] if value.shape[-1:] == (number,) else value
        for name, value in validation.content.items()
    }
    with atomic_write(path) as temporary:
        savemat(temporary, content, do_compression=True)
