"""Reads the scalars that MMEngine records during a run, as series to draw."""

import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..engine.visualizers import safe_metric_name
from ..utils.errors import UserError

#: Maximum number of metrics in a picture, unless they are named.
MOST_METRICS = 6
# Labels of two evaluators, as in "AP (detector boxes)"; (M) and (L) are sizes instead.
_LABEL = re.compile(r' \((?![ML]\))[^()]*\)$')
_COUNTERS = {'step', 'iter', 'epoch'}
_NOT_METRICS = _COUNTERS | {'time', 'data_time', 'lr', 'base_lr', 'memory'}


def read_scalars(path: str | os.PathLike) -> list[dict]:
    """Read the records of a run, including all its resumed parts.

    >>> _ = Path('scalars.json').write_text('{"loss": 2.0, "epoch": 1, "iter": 1}')
    >>> read_scalars('scalars.json')
    [{'loss': 2.0, 'epoch': 1, 'iter': 1}]

    Args:
        path (str | os.PathLike): A ``scalars.json`` of MMEngine's local
            backend, or a work folder, whose ``*/vis_data/scalars.json`` are
            read in the order of their start.

    Returns:
        list[dict]: One record per entry: training records hold ``epoch``,
        ``iter``, ``loss`` and ``lr``; validation records hold the metrics and
        ``step`` (the epoch). The last line of a file is left out if it is
        incomplete, as a killed run leaves it.

    Raises:
        UserError: If no file exists, a file cannot be read, another line is not a
            record, or nothing was recorded.
    """
    path = Path(path)
    files = [path] if path.is_file() else sorted(path.glob('*/vis_data/scalars.json'))
    if not files:
        raise UserError(
            f'no vis_data/scalars.json below {path}', 'name the work folder of a run'
        )
    records = [record for file in files for record in _records_of(file)]
    if not records:
        raise UserError(f'{files[-1]} is empty', 'let the run reach its first log line')
    return records


def _records_of(file: Path) -> list[dict]:
    try:
        lines = file.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f'cannot read {file}: {error}', 'name the work folder of a run'
        ) from error
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            wrong = not isinstance(record, dict)
        except (ValueError, RecursionError):
            if number == len(lines):
                continue
            wrong = True
        if wrong or not all(_is_number(record[k]) for k in _COUNTERS & record.keys()):
            where = f'{file}, line {number}'
            raise UserError(f'{where} is not a record', 'delete that line')
        records.append(record)
    return records


def _is_number(value: Any) -> bool:
    """Check whether a value is a finite number."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def split_records(
    records: Sequence[Mapping], metric: str
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Separate the training loss from a validation metric.

    Args:
        records (Sequence[Mapping]): Result of :func:`read_scalars`.
        metric (str): The metric's key.

    Returns:
        tuple: Two lists of (epoch, value); the loss is averaged over each
        epoch. Where a resumed run repeats an epoch, the later record counts. Values
        that are not finite numbers (a loss that became nan) are left out.
    """
    losses: dict[float, list[float]] = {}
    scores: dict[float, float] = {}
    last = 0.0
    for record in records:
        if metric in record:
            if _is_number(record[metric]) and 'step' in record:
                scores[record['step']] = record[metric]
        elif 'epoch' in record and _is_number(record.get('loss')):
            if record['epoch'] < last:  # resumed from an earlier checkpoint
                losses = {e: v for e, v in losses.items() if e < record['epoch']}
            last = record['epoch']
            losses.setdefault(last, []).append(record['loss'])
    means = [(epoch, sum(v) / len(v)) for epoch, v in sorted(losses.items())]
    return means, sorted(scores.items())


def series(records: Sequence[Mapping], keys: Sequence[str]) -> list[tuple[int, float]]:
    """Return iterations and values of the first of some keys that training recorded.

    Args:
        records (Sequence[Mapping]): Result of :func:`read_scalars`.
        keys (Sequence[str]): The keys, the preferred one first.

    Returns:
        list[tuple[int, float]]: Pairs in the order of the iterations; if a resumed run
        repeats some, the later records count. Empty if no key was recorded.
    """
    for key in keys:
        found = {
            r['iter']: r[key] for r in records if 'iter' in r and _is_number(r.get(key))
        }
        if found:
            return sorted(found.items())
    return []


def metrics_of(records: Sequence[Mapping]) -> list[str]:
    """Return the names of the metrics that a run recorded at its validations.

    Args:
        records (Sequence[Mapping]): Result of :func:`read_scalars`.

    Returns:
        list[str]: The names, in the order of their recording.
    """
    names = dict.fromkeys(
        key
        for record in records
        if 'loss' not in record
        for key, value in record.items()
        if key not in _NOT_METRICS and _is_number(value)
    )
    return list(names)


def find_metric(name: str, known: Sequence[str]) -> str:
    """Find a recorded metric by its own name or by the one that trackers got.

    >>> find_metric('PCK_0.2', ['PCK@0.1', 'PCK@0.2'])
    'PCK@0.2'

    Args:
        name (str): The requested name.
        known (Sequence[str]): Result of :func:`metrics_of`.

    Returns:
        str: The metric's own name; ``name`` itself if there is no such metric.
    """
    if name in known:
        return name
    return next((own for own in known if safe_metric_name(own) == name), name)


def overall_metrics(names: Sequence[str]) -> list[str]:
    """Choose the metrics over all joints and sizes from those that a run recorded.

    A validation also records a score for each joint, or each size of people, which
    would be too many for one picture.

    >>> overall_metrics(['Head PCK@0.2', 'Knee PCK@0.2', 'PCK@0.2', 'AUC'])
    ['PCK@0.2', 'AUC']
    >>> overall_metrics(['coco/AP', 'coco/AP .5', 'coco/AR', 'coco/AP (M)'])
    ['coco/AP', 'coco/AR']
    >>> overall_metrics(['coco/AP (detector boxes)', 'coco/AP .5 (detector boxes)'])
    ['coco/AP (detector boxes)']

    Args:
        names (Sequence[str]): Result of :func:`metrics_of`.

    Returns:
        list[str]: Names without a part (a joint, threshold or size), or, if all have
        one, all names; in both cases at most the first :data:`MOST_METRICS`.
    """
    overall = [name for name in names if _is_overall(name)]
    return (overall or list(names))[:MOST_METRICS]


def _is_overall(name: str) -> bool:
    """Check that a metric's name has no part, such as a joint; labels do not count."""
    bare = _LABEL.sub('', name.split('/')[-1])
    return ' ' not in bare and not bare.istitle()  # MMPose has groups such as "Head"
