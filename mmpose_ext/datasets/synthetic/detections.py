"""Simulated boxes of a person detector, for COCO's layout."""

from collections.abc import Iterable

import numpy as np

# Standard deviation of each side of a detected box, relative to the box.
JITTER = 0.04


def detections(notes: Iterable[dict], seed: int) -> list[dict]:
    """Return one imperfect detection of each annotated person.

    This only imitates a detector: each side of the true box is moved by a normally
    distributed distance of 4 % of the box's size, and the score falls with the
    remaining overlap. There are no missed people and no false detections.

    Args:
        notes (Iterable[dict]): COCO annotations; ``bbox`` is x, y, w, h.
        seed (int): The same seed and annotation id give the same box.

    Returns:
        list[dict]: ``image_id``, ``category_id``, ``bbox`` (x, y, w, h in
        pixels) and ``score`` in (0, 1), as in the published file.
    """
    found = []
    for note in notes:
        rng = np.random.default_rng([seed, note['id']])
        left, top, width, height = note['bbox']
        moved = rng.normal(0, JITTER, 4).clip(-0.2, 0.2) * (
            width,
            height,
            width,
            height,
        )
        box = np.array([left, top, left + width, top + height]) + moved
        inner = np.minimum(box[2:], (left + width, top + height)) - np.maximum(
            box[:2], (left, top)
        )
        union = width * height + (box[2:] - box[:2]).prod() - inner.prod()
        found.append(
            dict(
                image_id=note['image_id'],
                category_id=note['category_id'],
                bbox=[round(float(v), 2) for v in (*box[:2], *(box[2:] - box[:2]))],
                score=round(float(inner.prod() / union), 4),
            )
        )
    return found
