"""Readers of annotations and results in COCO's format, with checks."""

import contextlib
import io
import os
from collections import Counter
from numbers import Integral
from typing import Any

import numpy as np
from xtcocotools.coco import COCO

from ..datasets.formats.coco import load_coco, load_json
from ..utils.errors import UserError
from ..utils.reasons import reason_of
from .coco_truth import complete_truth

_FIX = 'give the .keypoints.json of an evaluator with outfile_prefix'


def load_results(path: str | os.PathLike, num_keypoints: int) -> list[dict[str, Any]]:
    """Read the results of one model.

    >>> import json
    >>> from pathlib import Path
    >>> result = dict(image_id=1, category_id=1, keypoints=[2, 3, 0.5], score=0.9)
    >>> _ = Path('x.json').write_text(json.dumps([result]))
    >>> load_results('x.json', num_keypoints=1) == [result]
    True
    >>> load_results('x.json', num_keypoints=2)
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: x.json: result 0: keypoints has 3 numbers, ...

    Args:
        path (str | os.PathLike): A JSON list of results, each with ``image_id``,
            ``keypoints`` (x, y and score of each joint) and ``score``.
        num_keypoints (int): Number of joints.

    Returns:
        list[dict[str, Any]]: The results.

    Raises:
        UserError: If the file cannot be read, or a result lacks one of these or has a
            value that is not a number in them.
    """
    results = load_json(path, _FIX)
    if not isinstance(results, list):
        raise UserError(f'{path} is not a list of results with key points', _FIX)
    for number, result in enumerate(results):
        problem = _problem_of(result, num_keypoints)
        if problem:
            raise UserError(f'{path}: result {number}: {problem}', _FIX)
    kinds = Counter('category_id' in result for result in results)
    if len(kinds) > 1:
        raise UserError(f'{path}: {kinds[False]} results have no category_id', _FIX)
    return results


def _problem_of(result: Any, num_keypoints: int) -> str:
    """Describe what is wrong with a result; empty if it is valid."""
    if not isinstance(result, dict):
        return f'{str(result)[:40]!r} is not a dict'
    for name in ('image_id', 'keypoints', 'score'):
        if name not in result:
            return f'it has no {name}'
    for name in ('image_id', 'category_id'):
        value = result.get(name, 1)
        if not _is_int(value):
            return f'{name}={str(value)[:40]!r} is not an integer'
    lengths = {'keypoints': 3 * num_keypoints, 'score': None, 'bbox': 4}
    for name, length in lengths.items():
        if name not in result:
            continue
        problem = _number_problem(result[name], length)
        if problem:
            return f'{name} {problem}'
    return ''


def _number_problem(value: Any, length: int | None) -> str:
    """Explain why a value is not a number, or not a list of ``length`` numbers."""
    values = value if length is not None and isinstance(value, list) else [value]
    wrong = [
        v
        for v in values
        if isinstance(v, bool)
        or not isinstance(v, (int, float))
        or not np.isfinite(float(v) if abs(v) < 1e300 else np.inf)
    ]
    if wrong:
        return f'holds {str(wrong[0])[:40]!r}, which is not a finite number'
    if length is not None and (not isinstance(value, list) or len(value) != length):
        count = len(value) if isinstance(value, list) else 1
        return f'has {count} numbers, expected {length}'
    return ''


def load_truth(path: str | os.PathLike, num_keypoints: int) -> COCO:
    """Read an annotation, fill in missing optional fields, and check the others.

    Args:
        path (str | os.PathLike): A JSON file of COCO's layout.
        num_keypoints (int): Number of joints that each person must have.

    Returns:
        COCO: The annotation, completed by
        :func:`~mmpose_ext.evaluation.coco_truth.complete_truth`.

    Raises:
        UserError: If the file cannot be read or scored.
    """
    fix = 'check it with tools/misc/check_dataset.py'
    try:
        _check_ids(load_json(path, fix), path)
        load_coco(path)
        with contextlib.redirect_stdout(io.StringIO()):
            truth = COCO(str(path))
        return complete_truth(truth, str(path), num_keypoints)[0]
    except UserError:
        raise
    except Exception as error:  # COCO's own code checks nothing
        raise UserError(
            f'{path} cannot be read as an annotation of COCO: {reason_of(error)}', fix
        ) from error


def _check_ids(content: Any, path: str | os.PathLike) -> None:
    """Raise unless every identifier is an integer, which COCO's code requires."""
    if not isinstance(content, dict):
        return  # load_coco reports this
    for name, keys in (
        ('images', ('id',)),
        ('annotations', ('id', 'image_id', 'category_id')),
        ('categories', ('id',)),
    ):
        entries = content.get(name, [])
        for number, entry in enumerate(entries if isinstance(entries, list) else [0]):
            values = [entry.get(k, 0) for k in keys] if isinstance(entry, dict) else []
            if not values or not all(_is_int(value) for value in values):
                raise UserError(
                    f'{path}: {name}[{number}]={str(entry)[:60]!r} has no integer '
                    f'{", ".join(keys)}',
                    'check the file with tools/misc/check_dataset.py',
                )


def _is_int(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
