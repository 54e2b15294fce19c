"""A leaderboard as one HTML file that needs no network."""

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..analysis.metafile import ModelEntry
from ..utils.errors import UserError
from .charts import (
    accuracy_against_cost,
    joint_bars,
    learning_curves,
    precision_recall,
)
from .compare import (
    ABOVE,
    BELOW,
    REFUTED,
    REPRODUCED,
    SUPPORTED,
    ClaimResult,
    RowResult,
)
from .pictures import SHEET, WORST
from .report import LEGEND, claim_cells, counts_of, row_cells
from .tables import Board, Table

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;
color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.35rem .6rem;border-bottom:1px solid #ddd;text-align:left;
vertical-align:top}
th{cursor:pointer;white-space:nowrap;background:#f3f3f3;position:sticky;top:0}
th[aria-sort=ascending]::after{content:" \\25B2"}
th[aria-sort=descending]::after{content:" \\25BC"}
.verdict{display:inline-block;min-width:9rem}.good{color:#08682f}.bad{color:#a01818}
figure{margin:1rem 0}img{max-width:100%;height:auto}figcaption{font-size:.9rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));
gap:1rem}.small{font-size:.85rem;color:#555}
"""
# Sorts by numbers where a column has them; a second click turns the order around.
_SORT = """
for (const head of document.querySelectorAll('th')) head.onclick = () => {
  const body = head.closest('table').tBodies[0], column = head.cellIndex;
  const up = head.getAttribute('aria-sort') !== 'ascending';
  for (const other of head.parentNode.children) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const key = row => row.cells[column].textContent.trim();
  [...body.rows].sort((a, b) => {
    const x = parseFloat(key(a)), y = parseFloat(key(b));
    const order = isNaN(x) || isNaN(y)
      ? (isNaN(x) - isNaN(y)) || key(a).localeCompare(key(b)) : x - y;
    return up ? order : -order;
  }).forEach(row => body.append(row));
};
"""


def html_report(
    boards: Sequence[tuple[Board, Mapping[str, Any]]],
    models: Mapping[str, ModelEntry],
    budget: str,
) -> str:
    """Return boards as one HTML page, with its scripts and pictures inside.

    Args:
        boards (Sequence): Each board with what :func:`.judge_board` returned for it.
        models (Mapping[str, ModelEntry]): Entries of the metafiles by name, for counts.
        budget (str): ``full`` or ``small``.

    Raises:
        UserError: If Plotly is not installed.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise UserError(
            'the HTML report needs plotly', 'pip install mmpose_ext[leaderboard]'
        ) from error
    body = ''.join(_board(board, judged, models) for board, judged in boards)
    note = (
        '<p>Small networks on small data: nothing here compares with a published '
        'figure; only the orderings are tested.</p>'
        if budget == 'small'
        else ''
    )
    title = f'Leaderboard, budget {budget}'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{title}</title>'
        f'<style>{_STYLE}</style><script>{get_plotlyjs()}</script></head><body>'
        f'<h1>{title}</h1>{note}<p class="small">{html.escape(LEGEND)} Click a '
        f'title to sort.</p>{body}<script>{_SORT}</script></body></html>\n'
    )


def _board(
    board: Board, judged: Mapping[str, Any], models: Mapping[str, ModelEntry]
) -> str:
    parts = [f'<h2 id="{board.folder}">{html.escape(board.paper)}</h2>']
    shown: dict[str, RowResult] = {}
    for table in (table for table in board.tables if table.number in judged):
        rows, claims = judged[table.number]
        parts.append(_table(table, rows, claims, models))
        for result in rows:
            if result.entries:
                shown.setdefault(result.entries[0].config, result)
    results = list(shown.values())
    counts = {
        r.entries[0].config: counts_of(r.entries[0].config, models) for r in results
    }
    for chart in (
        accuracy_against_cost(results, counts),
        joint_bars(results),
        learning_curves(results),
        precision_recall(results),
    ):
        parts.append(chart)
    parts.append(_pictures(results))
    return ''.join(parts)


def _table(
    table: Table,
    rows: Sequence[RowResult],
    claims: Sequence[ClaimResult],
    models: Mapping[str, ModelEntry],
) -> str:
    protocol = table.protocol
    columns = [c for c in table.columns if c != protocol.family.main]
    header = ['row', f'published {protocol.family.main}', 'measured', 'difference']
    header += ['verdict', 'parameters here (M)', 'GFLOPs here']
    header += [f'published {column}' for column in columns]
    lines = []
    for result in rows:
        config = result.entries[0].config if result.entries else result.row.config
        counts = counts_of(config, models)
        cells = [html.escape(cell) for cell in row_cells(result)]
        cells[4] = _colored(result.verdict, cells[4])
        cells += [
            f'{counts[k]:.2f}' if k in counts else '' for k in ('Params', 'GFLOPs')
        ]
        cells += [
            f'{result.row.values[c]:g}' if c in result.row.values else ''
            for c in columns
        ]
        lines.append(cells)
    title = html.escape(f'Table {table.number}: {table.title}')
    how = (
        f'{protocol.dataset} {protocol.split}; boxes: {protocol.boxes}; '
        f'{protocol.metric}; tolerance {protocol.family.tolerance}; * is a network of '
        'this project'
    )
    caption = f'<h3>{title}</h3><p class="small">{html.escape(how)}</p>'
    text = caption + html_table(header, lines)
    if claims:
        found = []
        for claim in claims:
            cells = [html.escape(cell) for cell in claim_cells(claim)]
            cells[-1] = _colored(claim.verdict, cells[-1])
            found.append(cells)
        header = ['claim', 'mean difference', 'seeds', 'p (paired)', 'verdict']
        text += html_table(header, found)
    return text


def _colored(verdict: str, text: str) -> str:
    kind = {REPRODUCED: 'good', SUPPORTED: 'good', BELOW: 'bad', ABOVE: 'bad'}
    kind[REFUTED] = 'bad'
    return f'<span class="verdict {kind.get(verdict, "")}">{text}</span>'


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a sortable table; the cells are HTML.

    Args:
        header (Sequence[str]): Titles of the columns.
        rows (Iterable[Sequence[str]]): Cells.
    """
    head = ''.join(f'<th>{html.escape(title)}</th>' for title in header)
    body = ''.join(
        '<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div>'
    )


def _pictures(results: Sequence[RowResult]) -> str:
    """Return the predictions and worst errors of all networks, side by side."""
    parts = []
    for name, title in ((SHEET, 'Predictions'), (WORST, 'The worst errors')):
        figures = [
            _figure(path, result.row.name)
            for result in results
            if (path := result.entries[0].folder / name).is_file()
        ]
        if figures:
            text = (
                'left: annotation' if name == SHEET else 'of at most 500 test samples'
            )
            parts.append(
                f'<h3>{title}</h3><p class="small">{text}</p>'
                f'<div class="pair">{"".join(figures)}</div>'
            )
    return ''.join(parts)


def _figure(path: Path, caption: str) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    text = html.escape(caption)
    return (
        f'<figure><img alt="{text}" src="data:image/jpeg;base64,{data}">'
        f'<figcaption>{text}</figcaption></figure>'
    )
