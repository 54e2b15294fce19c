"""Checks of the people's boxes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .findings import Diagnosis
from .records import PersonRecord, PoseFile

# A box may extend beyond the image by this share of its width or height.
_SLACK = 0.1


def check_boxes(
    file: PoseFile, sizes: Mapping[Any, tuple[float, float]], diagnosis: Diagnosis
) -> None:
    """Find boxes that cannot be used or are probably wrong.

    Args:
        file (PoseFile): The annotation file.
        sizes (Mapping): Width and height of its images by their ids.
        diagnosis (Diagnosis): Receives the findings.
    """
    found: dict[str, list[str]] = {}
    stated = {image.id: image.size for image in file.images}
    squares = file.usage.reader == 'mpii' or all(
        size is None for size in stated.values()
    )
    for person in file.people:
        if person.crowd or not person.posed or person.box is None:
            continue
        if not np.isfinite(person.box).all():
            continue  # noted by the reader of the layout
        # MMPose clips boxes to the stated size.
        size = stated.get(person.image) or sizes.get(person.image)
        check = _fatal(person.box, size, cut=not squares)
        checks = [check] if check else _odd(person, size, squares)
        for check in checks:
            found.setdefault(check, []).append(person.where)
    corners = found.get('corner_boxes', [])
    if len(corners) < max(1, len(file.people) // 20):
        # A few boxes look like corners by chance.
        found.pop('corner_boxes', None)
    for check, places in found.items():
        diagnosis.add(check, places)


def _fatal(box: np.ndarray, size: tuple[float, float] | None, cut: bool) -> str:
    """Name the check that makes a box unusable; empty if it can be used."""
    # MMPose stores the corners in single precision.
    low, high = box[:2], box[:2] + box[2:]
    if (box[2:] <= 0).any() or _same_corner(low, high):
        return 'empty_boxes'
    if (np.abs(box) <= 1).all() and (not size or min(size) > 4):
        return 'normalized_boxes'
    if not size:
        return ''
    limit = np.array(size) - 1 if cut else np.array(size)
    outside = (low >= limit).any() or (high <= 0).any()
    if cut:
        outside |= _same_corner(np.clip(low, 0, limit), np.clip(high, 0, limit))
    return 'boxes_outside' if outside else ''


def _same_corner(low: np.ndarray, high: np.ndarray) -> bool:
    return bool((np.float32(high) <= np.float32(low)).any())


def _odd(
    person: PersonRecord, size: tuple[float, float] | None, squares: bool
) -> list[str]:
    """Name the checks that find a usable box suspicious."""
    assert person.box is not None
    corner, extent = person.box[:2], person.box[2:]
    points = person.joints[person.joints[:, 2] > 0, :2]
    checks = []
    # MMPose crops 1.25 times the box.
    low, high = corner - extent / 8, corner + extent * 9 / 8
    inside = ((points >= low) & (points <= high)).all(axis=1)
    if inside.mean() < 0.25:
        checks.append('joints_outside_box')
    if person.area is not None and not squares:
        share = person.area / extent.prod()
        if share > 1.05 or 0 < share < 0.01:
            checks.append('odd_areas')
    if size and not squares:
        over = np.maximum(corner + extent - np.array(size), -corner)
        if (over > _SLACK * extent + 1).any():
            meant = (points >= corner - 1) & (points <= extent + 1)
            as_corners = (extent > corner).all() and (
                extent <= np.array(size) + 1
            ).all()
            fits = as_corners and corner.any() and meant.all(axis=1).mean() > 0.5
            checks.append('corner_boxes' if fits else 'boxes_beyond')
    return checks
