"""Preparation of ground truth for COCO's evaluation of key points."""

import contextlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from xtcocotools.coco import COCO

from ..utils.errors import UserError

# MMPose's estimate of a person's area, as a share of the box.
_AREA_SHARE = 0.53


def complete_truth(
    truth: COCO, source: str = 'the annotation', num_keypoints: int | None = None
) -> tuple[COCO, int]:
    """Fill in optional fields that COCO's evaluation needs.

    As in MMPose's training data sets, annotations without ``keypoints`` are removed;
    an ``area`` that is missing or not positive becomes 0.53 of the box, clipped to
    the image and at least 1; a missing ``iscrowd`` becomes 0. If ``categories`` is
    missing or does not list the category of some people, it is made from the people.

    Args:
        truth (COCO): The annotation, which is not changed.
        source (str): Its file, for the error.
        num_keypoints (int, optional): Number of joints that each person must have.

    Returns:
        tuple[COCO, int]: The complete annotation, which is ``truth`` itself if
        nothing was missing, and the number of areas that were filled in.

    Raises:
        UserError: If a person's box, key points, area or crowd flag cannot be read.
    """
    found = truth.dataset.get('annotations', [])
    people = [_complete(a, truth, source, num_keypoints) for a in found if _posed(a)]
    filled = sum('_area_filled' in person for person in people)
    for person in people:
        person.pop('_area_filled', None)
    listed = {category['id'] for category in truth.dataset.get('categories', [])}
    used = {person['category_id'] for person in people}
    if people == found and used <= listed:
        return truth, 0
    categories = list(truth.dataset.get('categories', []))
    categories += [dict(id=i, name='person') for i in sorted(used - listed)]
    return _rebuilt(truth, people, categories), filled


def person_categories(truth: COCO) -> list[int]:
    """Return the categories of the people, in ascending order.

    Args:
        truth (COCO): The annotation. If nobody is annotated, as for a test server,
            the categories with key points are returned, or else all.
    """
    people = truth.dataset.get('annotations', [])
    used = {person['category_id'] for person in people if _posed(person)}
    if not used:
        listed = truth.dataset.get('categories', [])
        used = {category['id'] for category in listed if 'keypoints' in category}
        used = used or {category['id'] for category in listed}
    return sorted(used)


def as_one_category(truth: COCO, category: int) -> COCO:
    """Put all people into one category.

    Args:
        truth (COCO): The annotation, which is not changed.
        category (int): Identifier of the category.

    Returns:
        COCO: A new annotation.
    """
    people = [
        dict(person, category_id=category)
        for person in truth.dataset['annotations']
        if _posed(person)
    ]
    return _rebuilt(truth, people, [dict(id=category, name='person')])


def _posed(annotation: Mapping[str, Any]) -> bool:
    return 'keypoints' in annotation


def _rebuilt(truth: COCO, people: list[dict], categories: list[dict]) -> COCO:
    rebuilt = COCO()
    rebuilt.dataset = dict(truth.dataset, annotations=people, categories=categories)
    rebuilt.anno_file = list(getattr(truth, 'anno_file', []))
    with contextlib.redirect_stdout(io.StringIO()):
        rebuilt.createIndex()
    return rebuilt


def _complete(
    person: dict, truth: COCO, source: str, num_keypoints: int | None
) -> dict:
    """Complete one person's area and crowd flag, or raise an error that names it."""
    where = f'{source}: annotation {person.get("id")}'
    box = _numbers(person.get('bbox'), f'{where}: bbox')
    if box.shape != (4,):
        raise UserError(f'{where}: bbox={person.get("bbox")!r} is not [x, y, w, h]')
    _check_joints(person['keypoints'], where, num_keypoints)
    if 'category_id' not in person:
        raise UserError(f'{where} has no category_id')
    crowd = person.get('iscrowd', 0)
    if crowd not in (0, 1):
        raise UserError(f'{where}: iscrowd={crowd!r} is neither 0 nor 1')
    complete = dict(person, iscrowd=crowd)
    area = _numbers(person.get('area') or 0, f'{where}: area', finite=False)
    if area.ndim != 0 or not 0 < area < np.inf:
        complete.update(area=_area_of(box, truth, person), _area_filled=True)
    return complete


def _check_joints(values: Any, where: str, num_keypoints: int | None) -> None:
    joints = _numbers(values, f'{where}: keypoints', finite=False)
    if joints.ndim != 1 or len(joints) % 3:
        raise UserError(f'{where}: keypoints is not a list of x, y, v for each joint')
    joints = joints.reshape(-1, 3)
    # Coordinates of joints that are not annotated have no influence.
    if np.isnan(joints[:, 2]).any() or not np.isfinite(joints[joints[:, 2] > 0]).all():
        raise UserError(f'{where}: an annotated key point is not finite')
    if num_keypoints is not None and len(joints) != num_keypoints:
        raise UserError(
            f'{where}: keypoints has {len(joints)} joints, the data set '
            f'{num_keypoints}',
            "give the data set the metainfo of the file's joints",
        )


def _area_of(box: np.ndarray, truth: COCO, person: Mapping[str, Any]) -> float:
    image = truth.imgs.get(person['image_id'], {})
    last = np.array([image.get('width', np.inf), image.get('height', np.inf)]) - 1
    corners = np.clip([box[:2], box[:2] + box[2:]], 0, last)
    return max(1.0, float((corners[1] - corners[0]).prod()) * _AREA_SHARE)


def _numbers(value: Any, where: str, finite: bool = True) -> np.ndarray:
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        numbers = np.asarray(np.nan)
        finite = True
    if isinstance(value, str) or (finite and not np.isfinite(numbers).all()):
        raise UserError(f'{where} is not numbers: {str(value)[:80]}')
    return numbers
