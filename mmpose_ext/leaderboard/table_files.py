"""The tables of results that the papers print, read from ``configs/*/tables.yml``.

A paper's published figures are kept in this file alone::

    Paper: CA-HRNet
    Tables:
    - Table: 1                       # its number, or where the figures stand
      Title: Performance comparison of different models
      Place: section 4.4.2
      Protocol: {Dataset: COCO, Split: val2017, Boxes: detector, Metric: OKS AP}
      Rows:
      - Name: CA-HRNet
        Values: {AP: 76.5, AP50: 93.6}
        Ours: true                   # a network of this project
        Config: configs/...          # absent: the row cannot be measured here
        Small: {synthetic: configs/..., lspet: configs/...}
        Boxes: detector              # where a row's protocol differs
      Claims:
      - {Above: CA-HRNet, Below: HRNet, Metric: AP}
    Audit:                           # remarks of the audit page
      Specified: [...]
      Not specified: [...]
      Contradictions: [...]
      Protocol: [...]

A board without published figures, such as a comparison on one's own data, has rows
without ``Values``.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from ..utils.errors import UserError, choose_from
from .families import COUNTS, FAMILIES
from .tables import AUDIT_SECTIONS, Board, Claim, Protocol, Table, TableRow

_PROTOCOL = ('Dataset', 'Split', 'Boxes', 'Metric')


def read_board(path: str | os.PathLike) -> Board:
    """Read the tables of a paper.

    Args:
        path (str | os.PathLike): ``configs/<paper>/tables.yml``.

    Raises:
        UserError: If it cannot be read, or an entry is missing, unknown or repeated.
    """
    file = Path(path)
    try:
        content = yaml.safe_load(file.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f'cannot read {file}: {error}', 'check the path') from error
    except yaml.YAMLError as error:
        raise UserError(
            f'{file} is not valid YAML: {" ".join(str(error).split())}',
            'correct that line',
        ) from error
    reader = _Reader(file)
    keys = {'Paper': str, 'Tables': list, 'Audit': dict}
    reader.check(content, keys, 'the file', optional=('Audit',))
    audit = content.get('Audit') or {}
    reader.check(audit, dict.fromkeys(AUDIT_SECTIONS, list), 'Audit', AUDIT_SECTIONS)
    tables = [reader.table(item) for item in content['Tables']]
    reader.unique([table.number for table in tables], 'the tables')
    return Board(file.parent.name, content['Paper'], tables, audit)


class _Reader:
    """Turns YAML into tables; errors name the file and the entry."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def fail(self, where: str, problem: str, fix: str) -> UserError:
        return UserError(f'{self.file}: {where} {problem}', fix)

    def check(
        self, entry: Any, types: Mapping[str, Any], where: str, optional: Any = ()
    ) -> None:
        """Check the keys of an entry and the types of its values."""
        if not isinstance(entry, dict):
            raise self.fail(where, f'is {entry!r}', 'write a mapping')
        for key, value in entry.items():
            if key not in types:
                raise self.fail(
                    where, f'has the unknown key {key!r}', choose_from(types, key)
                )
            if not isinstance(value, types[key]):
                raise self.fail(
                    where, f'has {key}: {value!r}', f'write a value of {types[key]}'
                )
        for key in types:
            if key not in entry and key not in optional:
                raise self.fail(where, f'lacks {key}', 'add it')

    def unique(self, names: list[str], where: str) -> None:
        for name in names:
            if names.count(name) > 1:
                raise self.fail(where, f'have {name!r} twice', 'rename one of them')

    def table(self, item: Any) -> Table:
        name = item.get('Table') if isinstance(item, dict) else item
        where = f'table {name}'
        types = dict(Table=str | int, Title=str, Place=str, Protocol=dict, Rows=list)
        optional = ('Claims', 'Title', 'Place')
        self.check(item, {**types, 'Claims': list}, where, optional)
        self.check(
            item['Protocol'], dict.fromkeys(_PROTOCOL, str), f'{where}, Protocol'
        )
        protocol = Protocol(*(item['Protocol'][key] for key in _PROTOCOL))
        if protocol.metric not in FAMILIES:
            raise self.fail(
                where,
                f'has the unknown metric {protocol.metric!r}',
                choose_from(FAMILIES, protocol.metric),
            )
        rows = [self.row(row, protocol, where) for row in item['Rows']]
        self.unique([row.name for row in rows], f'the rows of {where}')
        claims = [self.claim(c, rows, where) for c in item.get('Claims') or []]
        title, place = item.get('Title', ''), item.get('Place', '')
        return Table(str(item['Table']), title, place, protocol, rows, claims)

    def row(self, item: Any, protocol: Protocol, table: str) -> TableRow:
        where = f'{table}, row {item.get("Name") if isinstance(item, dict) else item}'
        strings = dict.fromkeys(('Name', 'Boxes', 'Split', 'Config', 'Note'), str)
        optional = ('Values', 'Small', 'Ours', 'Boxes', 'Split', 'Config', 'Note')
        self.check(
            item,
            {**strings, 'Values': dict, 'Small': dict, 'Ours': bool},
            where,
            optional,
        )
        values = item.get('Values') or {}
        known = dict.fromkeys([*COUNTS, *protocol.family.keys, protocol.family.main])
        for column, value in values.items():
            if column not in known:
                raise self.fail(
                    where,
                    f'has the unknown column {column!r}',
                    choose_from(known, column),
                )
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.fail(where, f'has {column}: {value!r}', 'write a number')
        for name in ('Boxes', 'Split'):
            if name in item:
                protocol = replace(protocol, **{name.lower(): item[name]})
        return TableRow(
            item['Name'],
            protocol,
            {column: float(value) for column, value in values.items()},
            item.get('Config'),
            item.get('Small') or {},
            item.get('Ours', False),
            item.get('Note', ''),
        )

    def claim(self, item: Any, rows: list[TableRow], table: str) -> Claim:
        where = f'{table}, Claims'
        self.check(item, dict.fromkeys(('Above', 'Below', 'Metric'), str), where)
        names = [row.name for row in rows]
        for key in ('Above', 'Below'):
            if item[key] not in names:
                raise self.fail(
                    where,
                    f'names the unknown row {item[key]!r}',
                    choose_from(names, item[key]),
                )
        return Claim(item['Above'], item['Below'], item['Metric'])


def find_boards(configs: str | os.PathLike) -> Iterator[Board]:
    """Read the tables of every folder below ``configs`` that has some, sorted by name.

    Args:
        configs (str | os.PathLike): The folder ``configs``.

    Raises:
        UserError: If a file cannot be used; see :func:`read_board`.
    """
    for path in sorted(Path(configs).glob('*/tables.yml')):
        yield read_board(path)


def pick_board(configs: str | os.PathLike, name: str) -> Board:
    """Read the tables of one paper.

    Args:
        configs (str | os.PathLike): The folder ``configs``.
        name (str): Its folder, such as ``ca_hrnet``.

    Raises:
        UserError: If there is none of that name, or its file cannot be used; see
            :func:`read_board`.
    """
    names = [path.parent.name for path in sorted(Path(configs).glob('*/tables.yml'))]
    if name not in names:
        raise UserError(f'no leaderboard {name!r}', choose_from(names, name))
    return read_board(Path(configs, name, 'tables.yml'))


def printed_rows(configs: str | os.PathLike) -> dict[str, dict[str, float]]:
    """Return the published figures of all rows by "paper, table, row".

    Args:
        configs (str | os.PathLike): The folder ``configs``.

    Raises:
        UserError: If a file cannot be used; see :func:`read_board`.
    """
    return {
        f'{board.folder}, {table.number}, {row.name}': row.values
        for board in find_boards(configs)
        for table in board.tables
        for row in table.rows
    }
