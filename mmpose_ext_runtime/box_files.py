"""Reads person boxes from a JSON file."""

import json
from pathlib import Path
from typing import Any

from .errors import InputError

FIX = (
    'give {"image.jpg": [[left, top, right, bottom], ...]} or a list of '
    '{"file_name": ..., "bbox": [left, top, width, height]}'
)


def read_boxes(path: Path) -> dict[str, list[list[float]]]:
    """Read the boxes of images.

    Args:
        path (Path): A JSON file: either corners of boxes by the image's file name, or
            COCO's list of detections, with ``file_name``, and ``bbox`` as corner and
            size.

    Returns:
        dict[str, list[list[float]]]: Left, top, right and bottom of each person by the
        image's name, without its folder.

    Raises:
        InputError: If the file cannot be read, or has other content.

    Example:
        >>> path = Path('boxes.json')
        >>> _ = path.write_text('[{"file_name": "a.jpg", "bbox": [1, 2, 10, 20]}]')
        >>> read_boxes(path)
        {'a.jpg': [[1.0, 2.0, 11.0, 22.0]]}
    """
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
    except OSError as error:
        raise InputError(f'cannot read {path}: {error.strerror or error}') from error
    except ValueError as error:
        raise InputError(f'{path} is not JSON: {error}', FIX) from error
    try:
        if isinstance(content, dict):
            pairs: list[tuple[str, Any]] = [
                (name, [float(v) for v in box])
                for name, boxes in content.items()
                for box in boxes
            ]
            found: dict[str, list] = {Path(name).name: [] for name in content}
        else:
            pairs = [(row['file_name'], _corners(*row['bbox'])) for row in content]
            found = {Path(name).name: [] for name, _ in pairs}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f'{path} does not hold boxes', FIX) from error
    for name, box in pairs:
        found[Path(name).name].append(box)
    return found


def _corners(x: float, y: float, width: float, height: float) -> list[float]:
    return [float(x), float(y), float(x) + float(width), float(y) + float(height)]
