"""Loss and accuracy of one run over its epochs (DAUNet, Figs. 7 and 9)."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..utils.errors import UserError
from ..utils.io import atomic_write
from .curves import split_records


def metrics_of(records: Sequence[Mapping]) -> list[str]:
    """Names of the metrics that a run recorded at its validations.

    Args:
        records (Sequence[Mapping]): As
            :func:`~mmpose_ext.visualization.curves.read_scalars` returns them.

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


def plot_training(
    records: Sequence[Mapping],
    out: str | os.PathLike,
    metrics: Sequence[str] = (),
    title: str = '',
) -> Path:
    """Draw the training loss and, beside it, validation metrics.

    Args:
        records (Sequence[Mapping]): As
            :func:`~mmpose_ext.visualization.curves.read_scalars` returns them.
        out (str | os.PathLike): The picture to write, by its suffix.
        metrics (Sequence[str]): Keys to draw. Default: all that are recorded.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If a metric was never recorded, or nothing was.
    """
    from matplotlib.figure import Figure

    known = metrics_of(records)
    names = list(metrics) or known
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise UserError(
            f'the run recorded no {", ".join(map(repr, unknown)) or "validation"}',
            f'recorded: {", ".join(known) or "nothing; let it reach a validation"}',
        )
    figure = Figure(figsize=(11, 4.5), layout='constrained')
    left, right = figure.subplots(1, 2)
    losses, _ = split_records(records, names[0])
    if losses:
        left.plot(*zip(*losses, strict=True), color='black')
    for number, name in enumerate(names):
        _, scores = split_records(records, name)
        style = ('-', '--', ':', '-.')[number // 10 % 4]
        right.plot(*zip(*scores, strict=True), style, marker='.', label=name)
    left.set(xlabel='epoch', ylabel='training loss', yscale='log')
    right.set(xlabel='epoch', ylabel='validation')
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    right.legend(fontsize='x-small', ncols=1 + len(names) // 14)
    figure.suptitle(title)
    with atomic_write(out) as temporary:
        figure.savefig(temporary, dpi=110)
    return Path(out)
