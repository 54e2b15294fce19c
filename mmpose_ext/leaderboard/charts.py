"""Charts of the HTML report, drawn by Plotly from its own offline bundle."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .compare import RowResult, measured_protocol
from .families import COUNTS, FAMILIES, JOINTS
from .ledger import Entry
from .pictures import CURVES

# The mode bar would cover the title on a phone.
_CONFIG = {'displayModeBar': False, 'responsive': True}
#: OKS thresholds whose precision-recall curves are drawn.
THRESHOLDS = (0.5, 0.75)
_TITLES = {'Params': 'parameters (M)', 'GFLOPs': 'GFLOPs (HRNet’s count)'}


def _html(figure: Any, title: str, x: str, y: str) -> str:
    figure.update_layout(
        title=title,
        xaxis_title=x,
        yaxis_title=y,
        template='plotly_white',
        height=420,
        margin=dict(l=50, r=20, t=60, b=50),
        legend=dict(orientation='h', y=-0.25),
    )
    return figure.to_html(full_html=False, include_plotlyjs=False, config=_CONFIG)


def main_column(result: RowResult) -> str | None:
    """Return the column that decides a row's verdict, or None if it is not measured."""
    if not result.measured:
        return None
    family = FAMILIES[measured_protocol(result.entries[0]).metric]
    return family.main if family.main in result.measured else None


def accuracy_against_cost(
    results: Sequence[RowResult], counts: Mapping[str, Mapping[str, float]]
) -> str:
    """Draw the measured score against parameters and against operations.

    Args:
        results (Sequence[RowResult]): Rows with runs.
        counts (Mapping): Counts by the config's name.
    """
    import plotly.graph_objects as go

    text = ''
    for key in COUNTS:
        figure = go.Figure()
        for result in results:
            column = main_column(result)
            cost = counts[result.entries[0].config].get(key)
            if column is None or cost is None:
                continue
            found = result.measured[column]
            figure.add_scatter(
                x=[cost],
                y=[found.mean],
                error_y=dict(array=[found.spread or 0]),
                name=result.row.name,
                mode='markers',
                marker=dict(size=12, symbol='star' if result.row.ours else 'circle'),
            )
        if figure.data:
            text += _html(figure, 'Accuracy and cost', _TITLES[key], 'score, %')
    return text


def joint_bars(results: Sequence[RowResult]) -> str:
    """Draw the score of each group of joints, or each of COCO's statistics.

    Args:
        results (Sequence[RowResult]): Rows with runs.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for result in results:
        columns = [c for c in JOINTS if c in result.measured] or list(result.measured)
        if columns:
            means = [result.measured[column].mean for column in columns]
            figure.add_bar(name=result.row.name, x=columns, y=means)
    return _html(figure, 'Parts of the score', '', '%') if figure.data else ''


def learning_curves(results: Sequence[RowResult]) -> str:
    """Draw the validation score of every run over the epochs.

    Args:
        results (Sequence[RowResult]): Rows with runs.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for result in results:
        column = main_column(result)
        if column is None:
            continue
        family = FAMILIES[measured_protocol(result.entries[0]).metric]
        for entry in result.entries:
            points = sorted(
                (record['step'], family.value(record, column))
                for record in entry.facts['curve']
                if family.keys[column] in record
            )
            figure.add_scatter(
                x=[step for step, _ in points],
                y=[value for _, value in points],
                name=f'{result.row.name}, seed {entry.facts["seed"]}',
                mode='lines+markers',
            )
    return _html(figure, 'Validation', 'epoch', '%') if figure.data else ''


def precision_recall(results: Sequence[RowResult]) -> str:
    """Draw a precision-recall curve for the first run of each COCO row.

    Args:
        results (Sequence[RowResult]): Rows with runs.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for result in results:
        curves = read_curves(result.entries[0])
        for threshold in THRESHOLDS:
            if threshold in curves:
                recall, precision = curves[threshold]
                dash = 'solid' if threshold == THRESHOLDS[0] else 'dash'
                figure.add_scatter(
                    x=recall,
                    y=precision,
                    name=f'{result.row.name}, OKS {threshold:g}',
                    mode='lines',
                    line=dict(dash=dash),
                )
    figure.update_xaxes(range=[0, 1])
    figure.update_yaxes(range=[0, 1.02])
    text = _html(figure, 'Precision and recall', 'recall', 'precision')
    return text if figure.data else ''


def read_curves(entry: Entry) -> dict[float, tuple[list[float], list[float]]]:
    """Read the precision-recall curves that a run's test wrote.

    Args:
        entry (Entry): The run.

    Returns:
        dict[float, tuple[list[float], list[float]]]: Recall and precision by OKS
        threshold; empty if there are none.
    """
    try:
        content = json.loads((entry.folder / CURVES).read_text(encoding='utf-8'))
        return {
            threshold: (content['recall'], line)
            for threshold, line in zip(
                content['oks_thresholds'], content['precision'], strict=True
            )
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
