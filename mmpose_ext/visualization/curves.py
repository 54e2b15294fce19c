"""Learning curves from the scalars that MMEngine records."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..utils.errors import UserError
from ..utils.io import atomic_write


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


def plot_learning_curve(
    runs: Mapping[str, Sequence[Mapping]],
    metric: str,
    out: str | os.PathLike,
    title: str = '',
) -> Path:
    """Draw training loss and a validation metric over the epochs.

    Args:
        runs (Mapping[str, Sequence[Mapping]]): Records by the name that the
            legend shows.
        metric (str): The metric's key, such as ``'PCK@0.2'``.
        out (str | os.PathLike): The PNG to write.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If no run recorded the metric.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout='constrained')
    left, right = figure.subplots(1, 2)
    found = False
    for name, records in runs.items():
        losses, scores = split_records(records, metric)
        left.plot(*zip(*losses, strict=True), label=name) if losses else None
        if scores:
            found = True
            right.plot(*zip(*scores, strict=True), marker='o', label=name)
    if not found:
        keys = sorted({key for r in runs.values() for record in r for key in record})
        raise UserError(f'no run recorded {metric!r}', f'recorded: {", ".join(keys)}')
    left.set(xlabel='epoch', ylabel='training loss', yscale='log')
    right.set(xlabel='epoch', ylabel=f'{metric} (validation)')
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(title)
    handles, names = right.get_legend_handles_labels()
    figure.legend(handles, names, loc='outside lower center', fontsize='small')
    with atomic_write(out) as temporary:
        figure.savefig(temporary, dpi=110)
    return Path(out)
