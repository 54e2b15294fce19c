"""Draws accuracy against cost, as bubbles whose area is the number of parameters."""

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..utils import UserError, check_choice
from ..utils.pictures import check_picture, write_picture

COLUMNS = (
    'dataset',
    'method',
    'backbone',
    'params_m',
    'gflops',
    'metric',
    'value',
    'source',
)
SOURCES = ('paper', 'measured')
COSTS = {'params': 'parameters (M)', 'gflops': 'GFLOPs'}
AREA_PER_MILLION = 14.0  # points^2


@dataclass(frozen=True)
class Record:
    """One row of a results table.

    Attributes:
        dataset (str): Where it was scored.
        method (str): Name of the method.
        backbone (str): Name of the backbone; may be empty.
        params (float): Parameters in millions.
        gflops (float): Operations as the source counts them; nan if not given.
        metric (str): Name of the metric.
        value (float): Its value, in percent.
        source (str): 'paper' or 'measured'.
    """

    dataset: str
    method: str
    backbone: str
    params: float
    gflops: float
    metric: str
    value: float
    source: str

    @property
    def label(self) -> str:
        """The text beside the bubble."""
        known = not self.backbone or self.backbone in self.method
        return self.method if known else f'{self.method}, {self.backbone}'

    def cost(self, name: str) -> float:
        """Return the cost with a key of :data:`COSTS`."""
        return self.params if name == 'params' else self.gflops


def read_records(path: str | os.PathLike) -> list[Record]:
    """Read a results table.

    Args:
        path (str | os.PathLike): A CSV file with the columns :data:`COLUMNS`.

    Returns:
        list[Record]: Its rows.

    Raises:
        UserError: If it is missing, lacks a column, or a row has a value that is not
            a number, or an unknown source.
    """
    fix = f'its columns are {",".join(COLUMNS)}'
    try:
        with open(path, encoding='utf-8', newline='') as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f'cannot read {path}: {error}', fix) from error
    missing = [c for c in COLUMNS if rows and c not in rows[0]]
    if missing or not rows:
        what = f'lacks {", ".join(missing)}' if missing else 'holds no row'
        raise UserError(f'{path} {what}', fix)
    return [_record(row, f'{path}, line {n}') for n, row in enumerate(rows, start=2)]


def _record(row: dict, where: str) -> Record:
    try:
        params, value = float(row['params_m']), float(row['value'])
        gflops = float(row['gflops'] or 'nan')
    except (TypeError, ValueError) as error:
        raise UserError(
            f'{where}: params_m, gflops and value must be numbers',
            'leave gflops empty where the source gives none',
        ) from error
    if row['source'] not in SOURCES:
        raise UserError(
            f'{where}: source={row["source"]!r}', f'choose {" or ".join(SOURCES)}'
        )
    return Record(
        row['dataset'],
        row['method'],
        row['backbone'],
        params,
        gflops,
        row['metric'],
        value,
        row['source'],
    )


def draw_tradeoff(
    records: Sequence[Record],
    datasets: Sequence[str],
    cost: str,
    out: str | os.PathLike,
    title: str = '',
) -> Path:
    """Draw one panel for each data set: the metric over a cost.

    Bubbles of papers' results are hollow, those of measured ones are filled.

    Args:
        records (Sequence[Record]): Result of :func:`read_records`; those
            without the cost are left out.
        datasets (Sequence[str]): The panels, from the left.
        cost (str): 'params' or 'gflops'.
        out (str | os.PathLike): The picture to write; its suffix is the format.
        title (str): Above the picture.

    Returns:
        Path: ``out``.

    Raises:
        ValueError: If ``cost`` is not one of :data:`COSTS`.
        UserError: If a data set has no record with that cost.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    check_choice('draw_tradeoff', 'cost', cost, COSTS)
    colors: dict[str, str] = {}
    figure = Figure(figsize=(5.5 * len(datasets), 6), layout='constrained')
    panels = figure.subplots(1, len(datasets), squeeze=False)[0]
    for axes, dataset in zip(panels, datasets, strict=True):
        known = [
            r for r in records if r.dataset == dataset and not math.isnan(r.cost(cost))
        ]
        if not known:
            names = sorted({r.dataset for r in records})
            raise UserError(
                f'no record of {dataset!r} gives {COSTS[cost]}',
                f'recorded data sets: {", ".join(names)}',
            )
        _draw_panel(axes, known, cost, colors)
        axes.set(title=dataset, xlabel=COSTS[cost], ylabel=f'{known[0].metric} (%)')
    note = 'area: parameters; hollow: as the paper reports, filled: measured'
    figure.suptitle(f'{title}\n{note}' if title else note, fontsize='small')
    _draw_legend(figure, colors)
    return write_picture(out, figure)


def _draw_panel(
    axes: Any, records: Sequence[Record], cost: str, colors: dict[str, str]
) -> None:
    """Draw the bubbles; a method has one color in all panels."""
    for record in records:
        name = f'{record.label} ({record.source})'
        color = colors.setdefault(name, f'C{len(colors) % 10}')
        axes.scatter(
            record.cost(cost),
            record.value,
            s=record.params * AREA_PER_MILLION,
            marker=_marker(list(colors).index(name)),
            facecolors=color if record.source == 'measured' else 'none',
            edgecolors=color,
            linewidths=1.5,
            alpha=0.8,
        )
    axes.grid(alpha=0.3)
    axes.margins(0.15)


def _draw_legend(figure: Any, colors: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle='none',
            marker=_marker(index),
            markeredgecolor=color,
            markerfacecolor=color if name.endswith('(measured)') else 'none',
            label=name,
        )
        for index, (name, color) in enumerate(colors.items())
    ]
    figure.legend(
        handles=handles, loc='outside lower center', ncols=3, fontsize='small'
    )


def _marker(index: int) -> str:
    """Return circles for the first ten methods, then squares in the same colors."""
    return 'o' if index < 10 else 's'
