"""Reports of a leaderboard as markdown tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..analysis.metafile import ModelEntry
from .compare import OUTSIDE, REPRODUCED, ClaimResult, RowResult
from .families import COUNTS
from .plan import BUDGETS
from .tables import Board

#: What the verdicts of rows mean.
LEGEND = (
    'reproduced: within the tolerance; below, above: outside it; not reproduced: no '
    'run; not comparable: measured under another protocol, budget or settings; no '
    'config: nothing here measures the row.'
)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in markdown, ending in a newline.

    >>> print(markdown_table(['a', 'b'], [['1', '']]), end='')
    | a | b |
    |---|---|
    | 1 | |

    Args:
        header (Sequence[str]): Titles of the columns.
        rows (Iterable[Sequence[str]]): Cells.
    """
    lines = [header, *rows]
    text = [
        '|' + '|'.join(f' {c} ' if c else ' ' for c in line) + '|' for line in lines
    ]
    text.insert(1, '|' + '---|' * len(header))
    return '\n'.join(text) + '\n'


def counts_of(config: str | None, models: Mapping[str, ModelEntry]) -> dict[str, float]:
    """Return this project's counts for a row: parameters in millions, HRNet's GFLOPs.

    Args:
        config (str, optional): The row's config.
        models (Mapping[str, ModelEntry]): Entries of the metafiles by name.
    """
    name = (config or '').rpartition('/')[2].removesuffix('.py')
    model = models.get(name)
    if model is None:
        return {}
    keys = dict(zip(COUNTS, ('Parameters (M)', 'Operations (2^30)'), strict=True))
    return {column: model.lookup(key) for column, key in keys.items()}


def row_cells(result: RowResult) -> list[str]:
    """Return a row's cells: published and measured main figure, verdict and reason.

    Args:
        result (RowResult): The row.
    """
    main = result.row.protocol.family.main
    published = result.row.values.get(main)
    measured = result.measured.get(main)
    if measured is None and result.measured:
        column = next(iter(result.measured))
        column = 'Mean' if 'Mean' in result.measured else column
        measured = result.measured[column]
    difference = ''
    if result.verdict in (REPRODUCED, *OUTSIDE) and measured and published:
        difference = f'{measured.mean - published:+.1f}'
    verdict = result.verdict + (f': {result.reason}' if result.reason else '')
    return [
        result.row.name + (' *' if result.row.ours else ''),
        '' if published is None else f'{published:.1f}',
        '' if measured is None else str(measured),
        difference,
        verdict,
    ]


def claim_cells(result: ClaimResult) -> list[str]:
    """Return a claim's cells.

    Args:
        result (ClaimResult): The claim.
    """
    claim = result.claim
    return [
        f'{claim.above} above {claim.below} ({claim.metric})',
        '' if result.difference is None else f'{result.difference:+.1f}',
        str(result.seeds),
        '' if result.p is None else f'{result.p:.3f}',
        result.verdict,
    ]


def markdown_report(board: Board, judged: Mapping[str, Any], budget: str) -> str:
    """Return the report of a board as markdown.

    Args:
        board (Board): The board.
        judged (Mapping[str, Any]): The verdicts, from :func:`.judge_board`.
        budget (str): ``full`` or ``small``.
    """
    parts = [f'# {board.paper}: measured beside published, budget {budget}\n']
    if budget != BUDGETS[0]:
        parts.append(
            'Small networks on small data: nothing here compares with a published '
            'figure; only the orderings are tested.\n'
        )
    for table in (table for table in board.tables if table.number in judged):
        rows, claims = judged[table.number]
        protocol = table.protocol
        parts.append(
            f'## Table {table.number}: {table.title}\n\n'
            f'Published: {protocol.dataset} {protocol.split}, boxes: '
            f'{protocol.boxes}, {protocol.family.main} in {protocol.metric}; '
            f'tolerance {protocol.family.tolerance}. * is a network of this project.\n'
        )
        header = ['row', 'published', 'measured', 'difference', 'verdict']
        parts.append(markdown_table(header, map(row_cells, rows)))
        if claims:
            header = ['claim', 'mean difference', 'seeds', 'p (paired)', 'verdict']
            parts.append(markdown_table(header, map(claim_cells, claims)))
    parts.append(LEGEND + '\n')
    return '\n'.join(parts)
