"""Checked access to values of an untrusted json file."""

import math
from typing import Any, TypeGuard

import numpy as np


def is_integer(value: Any) -> bool:
    """Check whether a value can serve as an id: an integer, written 7 or 7.0."""
    if isinstance(value, float):
        return value.is_integer() and abs(value) < 2**53
    return isinstance(value, int) and abs(value) < 2**63


def number(value: Any) -> float | None:
    """Return a value as float; None if it is not a number (text, null, list).

    Integers beyond 64 bits also give None, since NumPy stores them as objects.
    """
    if isinstance(value, int):
        return float(value) if abs(value) < 2**63 else None
    return value if isinstance(value, float) else None


def positive(value: Any) -> TypeGuard[float]:
    """Check whether a value is a finite number above 0."""
    found = number(value)
    return found is not None and 0 < found < math.inf


def is_segmentation(value: Any) -> bool:
    """Check for polygons, each of three and more finite points, or an RLE.

    >>> is_segmentation([[0, 0, 9, 0, 9, 9]]), is_segmentation([])
    (True, True)
    >>> is_segmentation([[0, 0, 9, 0, 9]]), is_segmentation('polygon')
    (False, False)
    """
    if isinstance(value, dict):
        counts, size = value.get('counts'), numbers(value.get('size'))
        if isinstance(counts, list):
            runs = numbers(counts)
            pixels = size.prod() if size is not None else 0
            valid = runs is not None and (runs >= 0).all() and runs.sum() == pixels
        else:
            # Six bits a character, as the letters from 0 on.
            valid = isinstance(counts, str) and all('0' <= c <= 'o' for c in counts)
        return bool(valid and size is not None and size.shape == (2,))
    if not isinstance(value, list):
        return False
    polygons = [numbers(polygon) for polygon in value]
    return all(
        p is not None and len(p) >= 6 and len(p) % 2 == 0 and np.isfinite(p).all()
        for p in polygons
    )


def numbers(values: Any) -> np.ndarray | None:
    """Return a flat list of numbers as a float array (N,); None for other values."""
    if not isinstance(values, list):
        return None
    found = [number(value) for value in values]
    if any(value is None for value in found):
        return None
    return np.array(found, dtype=float)
