"""Checks of people that need only the annotation file."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from .boxes import check_boxes
from .findings import Diagnosis
from .joint_names import check_joint_names
from .records import PersonRecord, PoseFile
from .swaps import suspicious_swaps

Sizes = Mapping[Any, tuple[float, float]]
#: Largest share of repeated people that is only a warning: large data sets may hold a
#: few, which hardly lower a score.
MOST_REPEATED = 0.01


def check_annotations(file: PoseFile, sizes: Sizes, diagnosis: Diagnosis) -> None:
    """Find contradictions within an annotation file, or with its use.

    Args:
        file (PoseFile): The annotation file.
        sizes (Mapping): Width and height of its images by their ids, as far as
            they are known.
        diagnosis (Diagnosis): Receives counts and findings.
    """
    diagnosis.counts.update(_counts(file))
    for (check, level), places in file.faults.items():
        diagnosis.add(check, places, level)
    known = {image.id for image in file.images}
    strays = [p.where for p in file.people if p.image not in known]
    diagnosis.add('unknown_image', strays)
    check_joint_names(file, diagnosis)
    _check_categories(file, diagnosis)
    _check_counted(file, diagnosis)
    _check_visibilities(file, diagnosis)
    _check_joints(file, sizes, diagnosis)
    _check_repeated(file, diagnosis)
    check_boxes(file, sizes, diagnosis)
    _check_usable(file, known, diagnosis)


def _counts(file: PoseFile) -> dict:
    people = [p for p in file.people if not p.crowd]
    posed = [p for p in people if p.posed]
    with_people = {p.image for p in posed}
    counts: dict = {
        'images': len(file.images),
        'images without joints': len({i.id for i in file.images} - with_people),
        'people with joints': len(posed),
        'people without joints': len(people) - len(posed),
        'crowds': len(file.people) - len(people),
    }
    if posed and len({len(p.joints) for p in posed}) == 1:
        table = np.stack([p.joints[:, 2] for p in posed])
        names = file.labels or [f'joint {k}' for k in range(table.shape[1])]
        counts['joints annotated'] = int((table > 0).sum())
        counts['of those occluded'] = int((table == 1).sum())
        shares = (table > 0).mean(axis=0).round(3).tolist()
        counts['share of people who have'] = dict(zip(names, shares, strict=True))
    return counts


def _check_categories(file: PoseFile, diagnosis: Diagnosis) -> None:
    usage = file.usage
    used = Counter(p.category for p in file.people if p.posed and not p.crowd)
    places = [f'category {c}: {n} people' for c, n in used.items()]
    if len(used) > 1:
        diagnosis.add('several_categories', places)
    if usage.coco_scored and usage.predicted is not None:
        others = [f'category {c}' for c in used if c != usage.predicted]
        diagnosis.add('other_category', others, detail=str(usage.predicted))


def _check_counted(file: PoseFile, diagnosis: Diagnosis) -> None:
    zero, wrong, crowds = [], [], []
    bottomup = file.usage.bottomup  # these data sets ignore the number
    for person in file.people:
        posed = int((person.joints[:, 2] > 0).sum())
        if posed and person.crowd:
            crowds.append(person.where)
        elif posed and person.counted == 0 and not bottomup:
            zero.append(person.where)
        elif person.counted is not None and person.counted != posed:
            wrong.append(f'{person.where}: {person.counted:g} for {posed}')
    diagnosis.add('num_keypoints_zero', zero)
    diagnosis.add('num_keypoints', wrong)
    diagnosis.add('crowds_with_joints', crowds)


def _check_visibilities(file: PoseFile, diagnosis: Diagnosis) -> None:
    bad: list[str] = []
    odd: list[str] = []
    unused: list[str] = []
    for person in file.people:
        values = person.joints[:, 2]
        fraction = (values > 0) & (values < 1)
        if ((values < 0) | fraction | (values > 3)).any():
            (unused if _unused(file, person) else bad).append(person.where)
        elif not np.isin(values[~np.isnan(values)], (0, 1, 2)).all():
            odd.append(person.where)
    diagnosis.add('visibilities', bad)
    diagnosis.add('visibilities', unused, 'warning')
    diagnosis.add('odd_visibilities', odd)


def _check_joints(file: PoseFile, sizes: Sizes, diagnosis: Diagnosis) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    swapped: Counter = Counter()
    for person in file.people:
        joints, where = person.joints, person.where
        seen = joints[:, 2] > 0
        if not np.isfinite(joints[seen]).all() or np.isnan(joints[:, 2]).any():
            found.setdefault(('nan_joints', ''), []).append(where)
            continue
        size = sizes.get(person.image)
        for check, mask in _odd_joints(person, size, file.origin).items():
            place = f'{where}, {_name(file, mask)}'
            level = _joint_level(file, person, check)
            found.setdefault((check, level), []).append(place)
        if parts := suspicious_swaps(joints, file.labels):
            swapped.update(parts)
            place = f'{where}, {"+".join(parts)}'
            found.setdefault(('swapped_sides', ''), []).append(place)
    kinds = ', '.join(f'{n} {part}' for part, n in swapped.most_common())
    for (check, level), places in found.items():
        detail = kinds if check == 'swapped_sides' else ''
        diagnosis.add(check, places, level, detail)


def _unused(file: PoseFile, person: PersonRecord) -> bool:
    """Whether neither training nor scoring looks at a person's joints."""
    dropped = person.crowd or (person.counted == 0 and not person.posed)
    return dropped and not file.usage.bottomup


def _joint_level(file: PoseFile, person: PersonRecord, check: str) -> str:
    """Return the level of a fault of joints; empty for the usual one."""
    # One-stage, nobody is dropped.
    harmless = check == 'nonpositive_joints' and file.usage.bottomup
    return 'warning' if harmless or _unused(file, person) else ''


def _check_repeated(file: PoseFile, diagnosis: Diagnosis) -> None:
    """Find people who have another person's joints on the same image."""
    first: dict[tuple, str] = {}
    repeated = []
    for person in file.people:
        if not person.posed or person.crowd:
            continue
        key = person.image, person.joints.tobytes()
        if key in first:
            repeated.append(f'{person.where} as {first[key]}')
        first.setdefault(key, person.where)
    scored = file.usage.coco_scored and file.usage.suppressed
    many = len(repeated) > MOST_REPEATED * len(file.people)
    diagnosis.add('repeated_people', repeated, 'fatal' if scored and many else '')


def _odd_joints(
    person: PersonRecord, size: tuple[float, float] | None, origin: int
) -> dict[str, np.ndarray]:
    """Find a person's suspicious joints: masks (K,) by the name of the check."""
    points, seen = person.joints[:, :2], person.joints[:, 2] > 0
    masks = {'joints_at_origin': seen & (points == 0).all(axis=1)}
    # MMPose looks at all coordinates, including those of unannotated joints.
    finite = points[np.isfinite(points).all(axis=1)]
    if seen.any() and not (finite + origin > 0).any():
        masks['nonpositive_joints'] = seen
    elif seen.sum() > 1 and _normalized(points[seen], size):
        masks['normalized_joints'] = seen
    if size:
        beyond = np.where(seen, _beyond(points, size), -1)
        masks['far_joints'] = beyond > max(size)
        masks['joints_outside'] = (beyond > 0) & ~masks['far_joints']
    return {check: mask for check, mask in masks.items() if mask.any()}


def _normalized(points: np.ndarray, size: tuple[float, float] | None) -> bool:
    inside = (points >= 0).all() and (points <= 1).all()
    return bool(inside and (not size or min(size) > 4) and np.ptp(points) > 0)


def _beyond(points: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """Measure how many pixels each point lies outside the image."""
    # A pixel's center has whole coordinates; its edge is half a pixel away.
    low = -0.5 - points
    high = points - (np.array(size) - 0.5)
    return np.maximum(low, high).max(axis=1)


def _name(file: PoseFile, mask: np.ndarray) -> str:
    first = int(np.flatnonzero(mask)[0])
    return file.labels[first] if file.labels else f'joint {first}'


def _check_usable(file: PoseFile, known: set, diagnosis: Diagnosis) -> None:
    """Check that somebody is left to train on and to score."""
    usable = [
        p
        for p in file.people
        if p.posed and not p.crowd and p.image in known
        if p.counted != 0 or file.usage.bottomup
    ]
    if not usable:
        diagnosis.add('nobody', ['the file'])
        return
    ends = [file.labels.index(n) for n in file.usage.torso if n in file.labels]
    if len(ends) == 2 and not any((p.joints[ends, 2] > 0).all() for p in usable):
        diagnosis.add('no_torso', ['the file'], detail=', '.join(file.usage.torso))
