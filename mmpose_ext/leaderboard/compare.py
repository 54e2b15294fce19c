"""Comparison of measured with published figures: a verdict for each row and claim."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy import stats

from .families import FAMILIES, Family
from .ledger import Entry
from .plan import BUDGETS, config_of_row
from .tables import Board, Claim, Protocol, Table, TableRow

#: Fewest seeds for which an ordering is tested, and the level of the test.
FEWEST_SEEDS, LEVEL = 3, 0.05
REPRODUCED, BELOW, ABOVE = 'reproduced', 'below', 'above'
NOT_RUN, NOT_COMPARABLE = 'not reproduced', 'not comparable'
NO_FIGURE, NO_CONFIG = 'no published figure', 'no config'
OUTSIDE = (BELOW, ABOVE)
SUPPORTED, REFUTED, OPEN = 'supported', 'refuted', 'not decided'


@dataclass(frozen=True)
class SeedFigures:
    """A figure measured with several seeds.

    Attributes:
        values (dict[int, float]): Percent, by seed.

    Example:
        >>> print(SeedFigures({0: 70.0, 1: 72.0}))
        71.0 ± 1.4 (2 seeds)
    """

    values: dict[int, float]

    @property
    def mean(self) -> float:
        """The mean over seeds."""
        return statistics.fmean(self.values.values())

    @property
    def spread(self) -> float | None:
        """The standard deviation over seeds; None for a single one."""
        found = list(self.values.values())
        return statistics.stdev(found) if len(found) > 1 else None

    def __str__(self) -> str:
        count = len(self.values)
        spread = f' ± {self.spread:.1f}' if self.spread is not None else ''
        return f'{self.mean:.1f}{spread} ({count} seed{"s" if count > 1 else ""})'


@dataclass(frozen=True)
class RowResult:
    """A row with its measured figures.

    Attributes:
        table (Table): Its table.
        row (TableRow): The row.
        entries (list[Entry]): Its runs, by seed.
        measured (dict[str, SeedFigures]): Figures by column.
        verdict (str): One of this module's verdicts.
        reason (str): Why it is not comparable; empty otherwise.
    """

    table: Table
    row: TableRow
    entries: list[Entry]
    measured: dict[str, SeedFigures]
    verdict: str
    reason: str = ''


@dataclass(frozen=True)
class ClaimResult:
    """A claimed ordering with its test.

    Attributes:
        claim (Claim): The claim.
        verdict (str): ``supported``, ``refuted`` or ``not decided``.
        difference (float, optional): Mean difference over shared seeds, in percent.
        seeds (int): Number of seeds that both rows share.
        p (float, optional): The p-value of a two-sided paired t-test over them.
    """

    claim: Claim
    verdict: str
    difference: float | None
    seeds: int
    p: float | None


def measured_protocol(entry: Entry) -> Protocol:
    """Return the protocol that a run recorded."""
    return Protocol(**entry.facts['protocol'])


def collect(row: TableRow, entries: Iterable[Entry], budget: str) -> list[Entry]:
    """Return the runs of a row with a budget, by seed.

    Args:
        row (TableRow): The row.
        entries (Iterable[Entry]): The ledger.
        budget (str): ``full`` or ``small``.
    """
    configs = {config_of_row(row, budget, data) for data in (row.small or {'': ''})}
    found = [
        entry
        for entry in entries
        if entry.facts['budget'] == budget and entry.facts['config'] in configs - {None}
    ]
    return sorted(found, key=lambda entry: entry.facts['seed'])


def judge_row(table: Table, row: TableRow, entries: Sequence[Entry]) -> RowResult:
    """Compare a row's runs with its published figures.

    Args:
        table (Table): The row's table.
        row (TableRow): The row.
        entries (Sequence[Entry]): Its runs.

    Returns:
        RowResult: The row with its figures and verdict.
    """
    if not entries:
        verdict = NOT_RUN if row.config or row.small else NO_CONFIG
        return RowResult(table, row, [], {}, verdict)
    protocol = measured_protocol(entries[0])
    measured = _measure(entries, FAMILIES.get(protocol.metric))
    reason = _why_not_comparable(row, entries)
    result = (table, row, list(entries), measured)
    main = row.protocol.family.main
    if main not in row.values:
        return RowResult(*result, NO_FIGURE)
    if reason:
        return RowResult(*result, NOT_COMPARABLE, reason)
    if main not in measured:
        return RowResult(*result, NO_FIGURE)
    difference = measured[main].mean - row.values[main]
    if abs(difference) <= row.protocol.family.tolerance + 1e-9:
        return RowResult(*result, REPRODUCED)
    return RowResult(*result, ABOVE if difference > 0 else BELOW)


def _measure(entries: Sequence[Entry], family: Family | None) -> dict[str, SeedFigures]:
    """Return the figures of every column that all runs have."""
    measured = {}
    for column in family.keys if family else ():
        values = {}
        for entry in entries:
            value = family.value(entry.metrics, column) if family else None
            if value is not None:
                values[entry.facts['seed']] = value
        if len(values) == len(entries):
            measured[column] = SeedFigures(values)
    return measured


def _why_not_comparable(row: TableRow, entries: Sequence[Entry]) -> str:
    """Return why runs and published figures are not comparable; empty if they are."""
    for entry in entries:
        if entry.facts['budget'] != BUDGETS[0]:
            return f'budget {entry.facts["budget"]}'
        if different := measured_protocol(entry).differences(row.protocol):
            return '; '.join(different)
        if entry.facts['options']:
            changed = ', '.join(sorted(entry.facts['options']))
            return f'settings changed: {changed}'
    if len({entry.facts['config_hash'] for entry in entries}) > 1:
        return 'the runs have different configs'
    return ''


def judge_claim(claim: Claim, results: Sequence[RowResult]) -> ClaimResult:
    """Test a claimed ordering over the seeds that both rows share.

    The rows must have run under one protocol and budget. An ordering counts only with
    at least :data:`FEWEST_SEEDS` seeds and a two-sided paired t-test below
    :data:`LEVEL`.

    Args:
        claim (Claim): The claim.
        results (Sequence[RowResult]): All rows of its table.

    Returns:
        ClaimResult: The verdict, with the difference and its p-value.
    """
    rows = {result.row.name: result for result in results}
    above, below = rows[claim.above], rows[claim.below]
    if not above.entries or not below.entries:
        return ClaimResult(claim, OPEN, None, 0, None)
    protocols = [measured_protocol(e) for r in (above, below) for e in r.entries]
    if any(protocol != protocols[0] for protocol in protocols):
        return ClaimResult(claim, OPEN, None, 0, None)
    column = claim.metric
    if column not in above.measured:
        column = FAMILIES[protocols[0].metric].main
    first, second = above.measured[column].values, below.measured[column].values
    seeds = sorted(first.keys() & second.keys())
    differences = [first[seed] - second[seed] for seed in seeds]
    if not differences:
        return ClaimResult(claim, OPEN, None, 0, None)
    mean = statistics.fmean(differences)
    if len(seeds) < FEWEST_SEEDS:
        return ClaimResult(claim, OPEN, mean, len(seeds), None)
    p = _paired_p(differences)
    if p >= LEVEL:
        return ClaimResult(claim, OPEN, mean, len(seeds), p)
    return ClaimResult(claim, SUPPORTED if mean > 0 else REFUTED, mean, len(seeds), p)


def _paired_p(differences: Sequence[float]) -> float:
    """Return the p-value of a paired t-test; 0 or 1 if all differences are equal."""
    if max(differences) == min(differences):
        return 0.0 if differences[0] else 1.0
    return float(stats.ttest_1samp(differences, 0).pvalue)


def judge_board(
    board: Board, entries: Sequence[Entry], budget: str
) -> dict[str, tuple[list[RowResult], list[ClaimResult]]]:
    """Compare all tables of a board with the ledger.

    Args:
        board (Board): The board.
        entries (Sequence[Entry]): Its ledger.
        budget (str): ``full`` or ``small``.

    Returns:
        dict: Results of rows and claims, by the table's number. With a small budget,
        only rows that were run.
    """
    judged = {}
    for table in board.tables:
        rows = [
            judge_row(table, row, collect(row, entries, budget)) for row in table.rows
        ]
        claims = [judge_claim(claim, rows) for claim in table.claims]
        if budget != BUDGETS[0]:
            rows = [row for row in rows if row.entries]
            claims = [claim for claim in claims if claim.seeds]
        if rows:
            judged[table.number] = (rows, claims)
    return judged
