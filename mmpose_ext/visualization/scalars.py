"""The scalars that MMEngine records during a run, as series to draw."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..utils.errors import UserError


def read_scalars(path: str | os.PathLike) -> list[dict]:
    """Read what a run recorded, of all its resumed parts.

    Args:
        path (str | os.PathLike): A ``scalars.json`` of MMEngine's local
            backend, or a work folder, whose ``*/vis_data/scalars.json`` are
            read in the order of their start.

    Returns:
        list[dict]: One record an entry: training records hold ``epoch``,
        ``iter``, ``loss`` and ``lr``; validation records hold the metrics and
        ``step`` (the epoch).

    Raises:
        UserError: If there is none, or a line is no json.
    """
    path = Path(path)
    files = [path] if path.is_file() else sorted(path.glob('*/vis_data/scalars.json'))
    if not files:
        raise UserError(
            f'no vis_data/scalars.json below {path}', 'name the work folder of a run'
        )
    records = []
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise UserError(
                    f'{file}, line {number} is no json', 'delete that line'
                ) from error
    return records


def split_records(
    records: Sequence[Mapping], metric: str
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Separate the training loss from a validation metric.

    Args:
        records (Sequence[Mapping]): As :func:`read_scalars` returns them.
        metric (str): The metric's key.

    Returns:
        tuple: Two lists of (epoch, value); the loss is averaged over each
        epoch. Where a resumed run repeats an epoch, the later record counts.
    """
    losses: dict[float, list[float]] = {}
    scores: dict[float, float] = {}
    last = 0.0
    for record in records:
        if metric in record:
            scores[record['step']] = record[metric]
        elif 'loss' in record and 'epoch' in record:
            if record['epoch'] < last:  # resumed from an earlier checkpoint
                losses = {e: v for e, v in losses.items() if e < record['epoch']}
            last = record['epoch']
            losses.setdefault(last, []).append(record['loss'])
    means = [(epoch, sum(v) / len(v)) for epoch, v in sorted(losses.items())]
    return means, sorted(scores.items())


def series(records: Sequence[Mapping], keys: Sequence[str]) -> list[tuple[int, float]]:
    """Iterations and values of the first of some keys that training recorded.

    Args:
        records (Sequence[Mapping]): As :func:`read_scalars` returns them.
        keys (Sequence[str]): Names, the preferred one first.

    Returns:
        list[tuple[int, float]]: In order of the iterations, with the later record
        of those that a resumed run repeats; empty where no key was recorded.
    """
    for key in keys:
        found = {r['iter']: r[key] for r in records if key in r and 'iter' in r}
        if found:
            return sorted(found.items())
    return []


def metrics_of(records: Sequence[Mapping]) -> list[str]:
    """Names of the metrics that a run recorded at its validations.

    Args:
        records (Sequence[Mapping]): As :func:`read_scalars` returns them.

    Returns:
        list[str]: In the order of their recording.
    """
    other = {'step', 'time', 'data_time', 'iter', 'epoch', 'lr', 'memory'}
    names = dict.fromkeys(
        key
        for record in records
        if 'loss' not in record
        for key, value in record.items()
        if key not in other and isinstance(value, int | float)
    )
    return list(names)
