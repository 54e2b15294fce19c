"""Checks of the detected boxes that a top-down network is tested on."""

import os
from typing import Any

from ...utils import UserError
from ..formats.coco import load_json
from .findings import Diagnosis
from .records import PoseFile
from .values import is_integer, number, numbers

# MMPose uses only the boxes of this category.
_PERSON = 1


def check_detections(path: str | os.PathLike, file: PoseFile) -> Diagnosis:
    """Check a file of detected people against an annotation file.

    Args:
        path (str | os.PathLike): The file, in the form that MMPose publishes for
            COCO.
        file (PoseFile): The annotations of the same images.

    Returns:
        Diagnosis: What was found.

    Raises:
        UserError: If it is missing or not a list.
    """
    fix = 'fetch the person detections that MMPose publishes, or set bbox_file=None'
    boxes = load_json(path, fix)
    if not isinstance(boxes, list):
        raise UserError(f'{path} is not a list of detected boxes', fix)
    diagnosis = Diagnosis(f'detected boxes: {path}', str(path))
    bad = [f'entry {i}' for i, box in enumerate(boxes) if not _is_detection(box)]
    known = {image.id: image.size for image in file.images}
    people = [b for b in boxes if _is_detection(b) and b['category_id'] == _PERSON]
    found = {box['image_id'] for box in people}
    diagnosis.counts.update(
        {'boxes of people': len(people), 'images with boxes': len(found & set(known))}
    )
    diagnosis.add('bad_detections', bad)
    strange = [b['image_id'] for b in people if b['image_id'] not in known]
    diagnosis.add('unknown_detections', [f'image {image}' for image in strange])
    empty = [b['image_id'] for b in people if not (b['bbox'][2] > 0 < b['bbox'][3])]
    diagnosis.add('empty_detections', [f'image {image}' for image in empty])
    sizeless = [image for image in found & set(known) if not known[image]]
    diagnosis.add('image_sizes', [f'image {image}' for image in sizeless])
    if not people:
        diagnosis.add('nobody', ['the file'])
    without = [str(image) for image in sorted(set(known) - found, key=str)]
    diagnosis.add('no_detections', without)
    return diagnosis


def _is_detection(box: Any) -> bool:
    """Check that MMPose can read an entry."""
    if not isinstance(box, dict) or not is_integer(box.get('image_id')):
        return False
    bbox = numbers(box.get('bbox'))
    return (
        'category_id' in box
        and number(box.get('score')) is not None
        and bbox is not None
        and len(bbox) >= 4
    )
