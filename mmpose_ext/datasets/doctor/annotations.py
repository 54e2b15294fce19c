"""Checks that need the annotation file only."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from .findings import Diagnosis
from .records import PoseFile
from .swaps import suspicious_swaps

Sizes = Mapping[Any, tuple[int, int]]


def check_annotations(file: PoseFile, sizes: Sizes, diagnosis: Diagnosis) -> None:
    """Look for what an annotation file contradicts itself in.

    Args:
        file (PoseFile): The annotation file.
        sizes (Mapping): Width and height of its images by their ids, as far as
            they are known.
        diagnosis (Diagnosis): Where counts and findings go.
    """
    diagnosis.counts.update(_counts(file))
    for kind, level, message in (
        ('images', 'fatal', 'ids of images that are there more than once'),
        ('annotations', 'fatal', 'ids of annotations that are there more than once'),
        ('names', 'warning', 'image files listed more than once'),
    ):
        diagnosis.add(level, f'repeated_{kind}', message, file.repeated.get(kind, []))
    diagnosis.add(
        'fatal',
        'misshapen_joints',
        f'people whose joints are no list of {len(file.names) or "K"} x 3 numbers',
        file.misshapen,
    )
    known = {image.id for image in file.images}
    diagnosis.add(
        'fatal',
        'unknown_image',
        'people of an image that is not in the file',
        [p.where for p in file.people if p.image not in known],
    )
    if not file.names and file.people:
        diagnosis.add(
            'warning', 'no_names', 'no names of joints in the categories', ['the file']
        )
    _check_joints(file, sizes, diagnosis)
    _check_boxes(file, sizes, diagnosis)


def _counts(file: PoseFile) -> dict:
    people = [p for p in file.people if not p.crowd]
    posed = [p for p in people if (p.joints[:, 2] > 0).any()]
    with_people = {p.image for p in posed}
    counts: dict = {
        'images': len(file.images),
        'images without joints': len(file.images) - len(with_people),
        'people with joints': len(posed),
        'people without joints': len(people) - len(posed),
        'crowds': len(file.people) - len(people),
    }
    if posed and len({len(p.joints) for p in posed}) == 1:
        table = np.stack([p.joints[:, 2] for p in posed])
        names = file.names or [f'joint {k}' for k in range(table.shape[1])]
        counts['joints annotated'] = int((table > 0).sum())
        counts['of those occluded'] = int((table == 1).sum())
        shares = (table > 0).mean(axis=0).round(3).tolist()
        counts['share of people who have'] = dict(zip(names, shares, strict=True))
    return counts


def _check_joints(file: PoseFile, sizes: Sizes, diagnosis: Diagnosis) -> None:
    nan, origin, outside, far = [], [], [], []
    swapped: Counter = Counter()
    suspects = []
    for person in file.people:
        joints, where = person.joints, person.where
        seen = joints[:, 2] != 0
        if not np.isfinite(joints[seen]).all() or np.isnan(joints[:, 2]).any():
            nan.append(where)
            continue
        at_origin = seen & (joints[:, :2] == 0).all(axis=1)
        if at_origin.any():
            origin.append(f'{where}, {_name(file, at_origin)}')
        if size := sizes.get(person.image):
            beyond = _beyond(joints[:, :2], size)
            if (seen & (beyond > 0)).any():
                outside.append(f'{where}, {_name(file, seen & (beyond > 0))}')
            if (seen & (beyond > max(size))).any():
                far.append(where)
        if parts := suspicious_swaps(joints, file.names):
            swapped.update(parts)
            suspects.append(f'{where}, {"+".join(parts)}')
    add = diagnosis.add
    add('fatal', 'nan_joints', 'people with annotated joints that are nan', nan)
    add('fatal', 'far_joints', 'people with joints further out than the image is large',
        far)  # fmt: skip
    add('warning', 'joints_outside', 'people with annotated joints outside the image',
        outside)  # fmt: skip
    add('warning', 'joints_at_origin', 'people with annotated joints at (0, 0)', origin)
    kinds = ', '.join(f'{n} {part}' for part, n in swapped.most_common())
    add('warning', 'swapped_sides',
        f'people whose left and right look exchanged ({kinds})', suspects)  # fmt: skip


def _beyond(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """How many pixels each point lies outside the image."""
    # A pixel's centre has whole coordinates; its edge is half a pixel away.
    low = -0.5 - points
    high = points - (np.array(size) - 0.5)
    return np.maximum(low, high).max(axis=1)


def _name(file: PoseFile, mask: np.ndarray) -> str:
    first = int(np.flatnonzero(mask)[0])
    return file.names[first] if file.names else f'joint {first}'


def _check_boxes(file: PoseFile, sizes: Sizes, diagnosis: Diagnosis) -> None:
    empty, absent, astray = [], [], []
    for person in file.people:
        posed = (person.joints[:, 2] > 0).any()
        if person.crowd or not posed:
            continue
        box = person.box
        if box is None:
            absent.append(person.where)
        elif not np.isfinite(box).all() or (box[2:] <= 0).any():
            empty.append(person.where)
        elif (size := sizes.get(person.image)) and not _overlaps(box, size):
            astray.append(person.where)
    diagnosis.add('fatal', 'empty_boxes', 'people with joints and an empty box', empty)
    diagnosis.add('fatal', 'no_boxes', 'people with joints and no box', absent)
    diagnosis.add(
        'fatal', 'boxes_outside', 'people whose box lies outside the image', astray
    )


def _overlaps(box: np.ndarray, size: tuple[int, int]) -> bool:
    return bool((box[:2] < size).all() and (box[:2] + box[2:] > 0).all())
