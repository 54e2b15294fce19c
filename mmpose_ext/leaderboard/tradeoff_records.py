"""Printed rows as points of a figure: accuracy against parameters or operations."""

import math
from collections.abc import Collection

from ..utils.errors import UserError, choose_from
from ..visualization.tradeoff import Record
from .tables import Board


def printed_records(board: Board, tables: Collection[str] = ()) -> list[Record]:
    """Return the rows of a paper's tables that print parameters and an accuracy.

    A row that several tables print in the same way is returned once.

    Args:
        board (Board): The paper's tables.
        tables (Collection[str]): Numbers of the tables. Default: all of them.

    Returns:
        list[Record]: The rows in the order of printing, each with the data set and
            the split as its panel, such as ``COCO val2017``.

    Raises:
        UserError: If there is no table of a given number.

    Example:
        >>> from mmpose_ext.leaderboard.paths import root_folder
        >>> from mmpose_ext.leaderboard.table_files import pick_board
        >>> board = pick_board(root_folder() / 'configs', 'sdhrnet')
        >>> records = printed_records(board, ['1', '2'])
        >>> print(records[0].dataset, records[0].label, records[0].value)
        MPII val Hourglass 87.5
    """
    numbers = [table.number for table in board.tables]
    for number in tables:
        if number not in numbers:
            raise UserError(
                f'{board.folder} has no table {number!r}', choose_from(numbers, number)
            )
    records = {}
    for table in board.tables:
        if tables and table.number not in tables:
            continue
        for row in table.rows:
            value = row.values.get(row.protocol.family.main)
            if value is None or 'Params' not in row.values:
                continue
            key = (row.protocol, row.name, *sorted(row.values.items()))
            records[key] = Record(
                f'{row.protocol.dataset} {row.protocol.split}',
                row.name,
                '',
                row.values['Params'],
                row.values.get('GFLOPs', math.nan),
                row.protocol.metric,
                value,
                'paper',
            )
    return list(records.values())
