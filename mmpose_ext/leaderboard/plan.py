"""Plans the runs that a leaderboard needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..utils.errors import UserError, choose_from
from .tables import Board, Protocol, Table, TableRow

BUDGETS = ('full', 'small')
SYNTHETIC = 'synthetic'
#: Training samples of a data set: persons with joints (top-down), pictures with
#: such persons (one-stage). For the estimate of GPU-hours only.
TRAINING_SAMPLES = {
    ('COCO', False): 149_813,
    ('COCO', True): 56_599,
    ('MPII', False): 22_246,
    ('LSP', False): 33_246,
}
#: A training step costs about three forward passes; a multiply-add is two operations.
_FORWARDS, _PER_MAC = 3, 2


@dataclass(frozen=True)
class Run:
    """One training with one seed.

    Attributes:
        board (str): The board's folder.
        config (str): The config.
        budget (str): ``full`` or ``small``.
        seed (int): The random seed.
        options (dict[str, Any]): Settings of the config that are overridden.
        data (str): The data of a small run, ``synthetic`` or ``lspet``.
    """

    board: str
    config: str
    budget: str
    seed: int
    options: dict[str, Any] = field(default_factory=dict)
    data: str = ''

    @property
    def name(self) -> str:
        """The name of its folder: config, budget and seed."""
        stem = self.config.rpartition('/')[2].removesuffix('.py')
        return f'{stem}__{self.budget}__seed{self.seed}'


def config_of_row(
    row: TableRow, budget: str, data: str | None = SYNTHETIC
) -> str | None:
    """Return the config that measures a row with a budget, or None.

    Args:
        row (TableRow): The row.
        budget (str): ``full`` or ``small``.
        data (str, optional): The data of a small run.
    """
    return row.config if budget == BUDGETS[0] else row.small.get(data or '')


def select_rows(
    board: Board, table: str | None = None, names: Sequence[str] | None = None
) -> list[tuple[Table, TableRow]]:
    """Return the rows of a board, in order.

    Args:
        board (Board): The board.
        table (str, optional): Only this table.
        names (Sequence[str], optional): Only these rows.

    Raises:
        UserError: If there is no such table or row.
    """
    tables = [t for t in board.tables if table in (None, t.number)]
    if not tables:
        numbers = [t.number for t in board.tables]
        raise UserError(
            f'{board.folder} has no table {table!r}', choose_from(numbers, table)
        )
    rows = [(t, row) for t in tables for row in t.rows]
    known = [row.name for _, row in rows]
    for name in names or ():
        if name not in known:
            raise UserError(
                f'{board.folder} has no row {name!r}', choose_from(known, name)
            )
    return [(t, row) for t, row in rows if not names or row.name in names]


def plan_runs(
    board: Board,
    rows: Iterable[tuple[Table, TableRow]],
    budget: str = 'full',
    seeds: Sequence[int] = (0,),
    options: dict[str, Any] | None = None,
    data: str | None = None,
) -> list[Run]:
    """List the runs that measure rows, each config once per seed.

    Args:
        board (Board): The board.
        rows (Iterable[tuple[Table, TableRow]]): The rows, from :func:`select_rows`.
            Those without a config for the budget are left out.
        budget (str): ``full``: the paper's schedule. ``small``: minutes on one CPU.
        seeds (Sequence[int]): Random seeds.
        options (dict, optional): Settings of every config to override.
        data (str, optional): The data of small runs. Default: that of
            :func:`default_data`.

    Returns:
        list[Run]: All configs with the first seed, then with the next one.

    Raises:
        UserError: If a seed is negative or named twice, or no row can be measured.
    """
    if any(seed < 0 for seed in seeds) or len(set(seeds)) < len(seeds) or not seeds:
        raise UserError(
            f'seeds {list(seeds)} cannot be used',
            'give different numbers from 0 on, such as --seeds 0 1 2',
        )
    rows = list(rows)
    data = data or default_data(rows)
    named = (config_of_row(row, budget, data) for _, row in rows)
    configs = list(dict.fromkeys(filter(None, named)))
    if not configs:
        what = f'for {data} data' if budget == 'small' else 'for the full budget'
        raise UserError(
            f'none of these rows of {board.folder} has a config {what}',
            'choose other rows with --rows, another --table or another --budget',
        )
    kind = data if budget == 'small' else ''
    return [
        Run(board.folder, config, budget, seed, dict(options or {}), kind)
        for seed in seeds
        for config in configs
    ]


def default_data(rows: Iterable[tuple[Table, TableRow]]) -> str:
    """Return the data of small runs: synthetic figures if a row has a config for them.

    Args:
        rows (Iterable[tuple[Table, TableRow]]): The rows.
    """
    known = [data for _, row in rows for data in row.small]
    return SYNTHETIC if SYNTHETIC in known or not known else known[0]


def gpu_hours(
    protocol: Protocol, operations: float, epochs: int, tflops: float
) -> float | None:
    """Estimate the hours that a full training takes.

    Args:
        protocol (Protocol): Names the training data.
        operations (float): Multiply-adds of one image.
        epochs (int): Passes over the training data.
        tflops (float): 10^12 operations per second that the GPU reaches in training;
            the caller's assumption.

    Returns:
        float | None: None if the size of the training data is not known.
    """
    samples = TRAINING_SAMPLES.get((protocol.dataset, protocol.boxes == 'one-stage'))
    if samples is None:
        return None
    total = _FORWARDS * _PER_MAC * operations * samples * epochs
    return total / (tflops * 1e12) / 3600
