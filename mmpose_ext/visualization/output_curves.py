"""Losses and accuracies of H1 and H2 over whole runs (SADI-Net, section IV-E.3)."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..utils.errors import UserError
from ..utils.io import atomic_write
from .curves import split_records

# Of H1 the first key that a run recorded: a plain hourglass has no H2.
LOSSES = (('loss_h1', 'loss_kpt'), ('loss_h2',))
ACCURACIES = (('acc_pose',), ('acc_h2',))
STYLES = ('-', '--')


def series(records: Sequence[Mapping], keys: Sequence[str]) -> list[tuple[int, float]]:
    """Iterations and values of the first of some keys that training recorded.

    Args:
        records (Sequence[Mapping]): As
            :func:`~mmpose_ext.visualization.curves.read_scalars` returns them.
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


def plot_output_curves(
    runs: Mapping[str, Sequence[Mapping]],
    out: str | os.PathLike,
    metric: str = 'PCK@0.2',
    title: str = '',
) -> Path:
    """Draw training losses, training accuracies and validation of H1 and H2.

    Training is drawn by every record, not by epochs, so that a sudden drop shows.

    Args:
        runs (Mapping[str, Sequence[Mapping]]): Records by the name that the legend
            shows; each run has a colour, H1 a solid line, H2 a dashed one.
        out (str | os.PathLike): The picture to write, by its suffix.
        metric (str): The validation's key; H2's is ``h2/`` before it, as
            ``OutputsValHook`` records it. Default: ``'PCK@0.2'``.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If no run recorded the metric.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    keys = sorted({key for r in runs.values() for record in r for key in record})
    if metric not in keys:
        raise UserError(f'no run recorded {metric!r}', f'recorded: {", ".join(keys)}')
    figure = Figure(figsize=(14, 4.6), layout='constrained')
    loss, accuracy, validation = figure.subplots(1, 3)
    for number, records in enumerate(runs.values()):
        colour = f'C{number % 10}'
        for axes, groups in ((loss, LOSSES), (accuracy, ACCURACIES)):
            for names, style in zip(groups, STYLES, strict=True):
                points = series(records, names)
                if points:
                    axes.plot(*zip(*points, strict=True), style, color=colour, lw=1.2)
        for name, style in zip((metric, f'h2/{metric}'), STYLES, strict=True):
            _, scores = split_records(records, name)
            if scores:
                pairs = zip(*scores, strict=True)
                validation.plot(*pairs, style, color=colour, marker='.')
    loss.set(xlabel='iteration', ylabel='training loss, as weighed', yscale='log')
    accuracy.set(xlabel='iteration', ylabel="training batch's accuracy")
    validation.set(xlabel='epoch', ylabel=f'{metric} (validation)')
    validation.xaxis.get_major_locator().set_params(integer=True)
    for axes in (loss, accuracy, validation):
        axes.grid(alpha=0.3)
    marks = [Line2D([], [], color=f'C{n % 10}', label=name)
             for n, name in enumerate(runs)]  # fmt: skip
    marks += [Line2D([], [], color='grey', ls=style, label=label)
              for style, label in zip(STYLES, ('H1', 'H2'), strict=True)]  # fmt: skip
    figure.legend(handles=marks, loc='outside lower center', ncols=4, fontsize='small')
    figure.suptitle(title)
    with atomic_write(out) as temporary:
        figure.savefig(temporary, dpi=110)
    return Path(out)
