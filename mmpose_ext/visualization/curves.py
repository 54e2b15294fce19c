"""Curves of recorded runs: losses and metrics over epochs or iterations."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..utils.errors import UserError
from ..utils.pictures import check_picture, write_picture
from .scalars import find_metric, metrics_of, overall_metrics, series, split_records

# For H1 the first key that a run recorded: a plain hourglass has no H2.
LOSSES = (('loss_h1', 'loss_kpt'), ('loss_h2',))
ACCURACIES = (('acc_pose',), ('acc_h2',))
STYLES = ('-', '--')
# Number of names that fit below each other beside a picture.
LEGEND_ROWS = 18


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
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout='constrained')
    left, right = figure.subplots(1, 2)
    found = False
    for name, records in runs.items():
        losses, scores = split_records(records, metric)
        if losses:
            left.plot(*zip(*losses, strict=True), label=name)
        if scores:
            found = True
            right.plot(*zip(*scores, strict=True), marker='o', label=name)
    if not found:
        keys = sorted({key for r in runs.values() for record in r for key in record})
        raise UserError(f'no run recorded {metric!r}', f'recorded: {", ".join(keys)}')
    left.set(xlabel='epoch', ylabel='training loss', yscale='log')
    right.set(xlabel='epoch', ylabel=f'{metric} (validation)')
    _finish(left, right)
    figure.suptitle(title)
    handles, names = right.get_legend_handles_labels()
    figure.legend(handles, names, loc='outside lower center', fontsize='small')
    return write_picture(out, figure)


def plot_training(
    records: Sequence[Mapping],
    out: str | os.PathLike,
    metrics: Sequence[str] = (),
    title: str = '',
) -> Path:
    """Draw the training loss and, beside it, validation metrics.

    Args:
        records (Sequence[Mapping]): Records in the form that
            :func:`~mmpose_ext.visualization.scalars.read_scalars` returns.
        out (str | os.PathLike): The picture to write, by its suffix.
        metrics (Sequence[str]): Keys to draw, under their own names or those that
            experiment trackers got. Default: the metrics over all joints and sizes.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If a metric was never recorded, or nothing was.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    known = metrics_of(records)
    names = [find_metric(name, known) for name in metrics] or overall_metrics(known)
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise UserError(
            f'the run recorded no {", ".join(map(repr, unknown)) or "validation"}',
            f'recorded: {", ".join(known) or "nothing; let it reach a validation"}',
        )
    columns = -(-len(names) // LEGEND_ROWS)
    figure = Figure(figsize=(10 + 2 * columns, 4.5), layout='constrained')
    left, right = figure.subplots(1, 2)
    losses, _ = split_records(records, names[0])
    if losses:
        left.plot(*zip(*losses, strict=True), color='black')
    for number, name in enumerate(names):
        _, scores = split_records(records, name)
        style = ('-', '--', ':', '-.')[number // 10 % 4]
        if scores:
            right.plot(*zip(*scores, strict=True), style, marker='.', label=name)
    left.set(xlabel='epoch', ylabel='training loss', yscale='log')
    right.set(xlabel='epoch', ylabel='validation')
    _finish(left, right)
    # Beside the panels, so that it covers no line.
    figure.legend(loc='outside right upper', fontsize='small', ncols=columns)
    figure.suptitle(title)
    return write_picture(out, figure)


def plot_output_curves(
    runs: Mapping[str, Sequence[Mapping]],
    out: str | os.PathLike,
    metric: str = 'PCK@0.2',
    title: str = '',
) -> Path:
    """Draw training losses, training accuracies and validation of H1 and H2.

    Every training record is drawn, not the mean of an epoch, so that a sudden drop is
    visible.

    Args:
        runs (Mapping[str, Sequence[Mapping]]): Records by the name that the legend
            shows; each run has its own color; H1 is a solid line, H2 a dashed one.
        out (str | os.PathLike): The picture to write, by its suffix.
        metric (str): Key of the validation; that of H2 begins with ``h2/``, as
            ``OutputsValHook`` records it. Default: ``'PCK@0.2'``.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If no run recorded the metric.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    keys = sorted({key for r in runs.values() for record in r for key in record})
    if metric not in keys:
        raise UserError(f'no run recorded {metric!r}', f'recorded: {", ".join(keys)}')
    figure = Figure(figsize=(14, 4.6), layout='constrained')
    loss, accuracy, validation = figure.subplots(1, 3)
    for number, records in enumerate(runs.values()):
        color = f'C{number % 10}'
        for axes, groups in ((loss, LOSSES), (accuracy, ACCURACIES)):
            for names, style in zip(groups, STYLES, strict=True):
                points = series(records, names)
                if points:
                    axes.plot(*zip(*points, strict=True), style, color=color, lw=1.2)
        for name, style in zip((metric, f'h2/{metric}'), STYLES, strict=True):
            _, scores = split_records(records, name)
            if scores:
                pairs = zip(*scores, strict=True)
                validation.plot(*pairs, style, color=color, marker='.')
    loss.set(xlabel='iteration', ylabel='training loss, weighted', yscale='log')
    accuracy.set(xlabel='iteration', ylabel="training batch's accuracy")
    validation.set(xlabel='epoch', ylabel=f'{metric} (validation)')
    _finish(loss, accuracy, validation)
    marks = [
        Line2D([], [], color=f'C{n % 10}', label=name) for n, name in enumerate(runs)
    ]
    marks += [
        Line2D([], [], color='gray', ls=style, label=label)
        for style, label in zip(STYLES, ('H1', 'H2'), strict=True)
    ]
    figure.legend(handles=marks, loc='outside lower center', ncols=4, fontsize='small')
    figure.suptitle(title)
    return write_picture(out, figure)


def _finish(*panels: Any) -> None:
    """Set grid lines, whole epochs or iterations, and plain numbers for losses."""
    from matplotlib.ticker import LogFormatter

    for axes in panels:
        axes.grid(alpha=0.3)
        if axes.get_yscale() == 'log':
            axes.yaxis.set_major_formatter(LogFormatter())
            # A range of less than two decades often has a single power of ten.
            axes.yaxis.set_minor_formatter(LogFormatter(minor_thresholds=(2, 0.5)))
        axes.xaxis.get_major_locator().set_params(integer=True)
