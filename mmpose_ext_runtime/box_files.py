"""Reads person boxes from a JSON file."""

import json
import os
from pathlib import Path
from typing import Any

from .errors import InputError

FIX = (
    'give {"image.jpg": [[left, top, right, bottom], ...]}, a list of '
    '{"file_name": ..., "bbox": [left, top, width, height]}, or COCO annotations'
)


def read_boxes(path: str | os.PathLike) -> dict[str, list[list[float]]]:
    """Read the boxes of images.

    Args:
        path (str | os.PathLike): A JSON file in one of three layouts: corners of boxes
            by the image's name, each box perhaps with a score at its end; COCO's
            detections, a list, with ``file_name`` instead of an id; or COCO's
            annotations, a dict. COCO's ``bbox`` is left, top, width and height;
            ``score`` is optional.

    Returns:
        dict[str, list[list[float]]]: Left, top, right and bottom of each person, and
        the score if the file has one, by the image's name as the file states it.

    Raises:
        InputError: If the file cannot be read, or has other content.

    Example:
        >>> path = Path('boxes.json')
        >>> _ = path.write_text('[{"file_name": "a.jpg", "bbox": [1, 2, 10, 20]}]')
        >>> read_boxes(path)
        {'a.jpg': [[1.0, 2.0, 11.0, 22.0]]}
    """
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
    except OSError as error:
        raise InputError(f'cannot read {path}: {error.strerror or error}') from error
    except ValueError as error:
        raise InputError(f'{path} is not JSON: {error}', FIX) from error
    try:
        if isinstance(content, dict) and {'images', 'annotations'} <= content.keys():
            names = {image['id']: image['file_name'] for image in content['images']}
            rows = content['annotations']
            return _by_name(names.values(), ((names[r['image_id']], r) for r in rows))
        if isinstance(content, dict):
            return {
                name: [[float(value) for value in box] for box in boxes]
                for name, boxes in content.items()
            }
        return _by_name((), ((row['file_name'], row) for row in content))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f'{type(error).__name__}: {error}'
        raise InputError(f'{path} is not a file of boxes ({reason})', FIX) from error


def find_boxes(
    listed: dict[str, list[list[float]]], image: str | os.PathLike
) -> list[list[float]] | None:
    """Return an image's boxes, or None if the file does not name it.

    Args:
        listed (dict[str, list[list[float]]]): The result of :func:`read_boxes`.
        image (str | os.PathLike): The image's path; the file may name only its end, and
            the longest end that it names counts.

    Example:
        >>> find_boxes({'a.jpg': [], 'x/a.jpg': [[1, 2, 3, 4]]}, 'data/x/a.jpg')
        [[1, 2, 3, 4]]
    """
    if str(image) in listed:
        return listed[str(image)]
    parts = Path(image).parts
    ends = ('/'.join(parts[start:]) for start in range(len(parts)))
    return next((listed[end] for end in ends if end in listed), None)


def _by_name(names: Any, rows: Any) -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for name, row in rows:
        left, top, width, height = map(float, row['bbox'])
        score = [float(row['score'])] if 'score' in row else []
        box = [left, top, left + width, top + height, *score]
        found.setdefault(name, []).append(box)
    return found
