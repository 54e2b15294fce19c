"""Tables of the documents, generated from the metafiles.

A page marks each table with its description, in YAML, inside a comment::

    <!-- table
    dataset: LSP-extended, images 2701-3000
    columns: {'': '{label}', M: '{Parameters (M):.2f}', PCK: '{PCK@0.2:.1f}'}
    rows:
    - {baseline: mean pose, label: mean pose of the training set}
    - {model: td-hm_hrnet-w8_1xb32-8e_lspet-128x128, label: 'HRNet'}
    - {paper: 'ca_hrnet, 1, CA-HRNet', label: printed}
    -->
    | ... |
    <!-- /table -->

A cell is a template: ``{key}`` or ``{key:format}`` is replaced by the row's own value
under that key or by the metafile's, and a cell with a value that does not exist is
empty. A row names a model's entry, a baseline or a printed row ("paper, table, row").
The data set of a metric is the table's, the row's own, or the one that the key names
after an ``@`` between spaces: ``{PCK@0.2 @ synthetic figures:.1f}``. Columns that
several tables share have a name, see ``COLUMN_SETS``.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..utils.errors import UserError
from .metafile import Metafile, ModelEntry

TABLE = re.compile(r'<!-- table\n(.*?)-->\n(.*?)<!-- /table -->', re.DOTALL)
JOINTS = ('Head', 'Shoulder', 'Elbow', 'Wrist', 'Hip', 'Knee', 'Ankle')
COLUMN_SETS = {
    'PCK by joint': {
        '': '{label}',
        'all': '{PCK@0.2:.1f}',
        **{joint: f'{{{joint}:.1f}}' for joint in JOINTS},
    },
}
VALUE = re.compile(r'\{([^{}:]+)(?::([^{}]*))?\}')


class Numbers:
    """Values of all metafiles, by model, baseline or printed result.

    Args:
        metafiles (Iterable[Metafile]): The papers.
        printed (Mapping[str, Mapping[str, float]], optional): What the papers print, by
            "paper, table, row".
    """

    def __init__(
        self,
        metafiles: Iterable[Metafile],
        printed: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self.entries: dict[str, ModelEntry] = {}
        self.baselines: dict[str, dict] = {}
        self.paper = dict(printed or {})
        for metafile in metafiles:
            self.entries.update({entry.name: entry for entry in metafile.entries})
            self.baselines.update(metafile.baselines)

    def lookup(self, row: dict, key: str, dataset: str | None) -> Any:
        """Return a row's value: its own, or that of the entry it points at.

        Args:
            row (dict): A row with ``model``, ``baseline``, ``paper`` or none of them.
            key (str): What to look up.
            dataset (str, optional): The table's data set; the row's own comes first.

        Raises:
            UserError: If the row points at something that no metafile has.
        """
        if key in row:
            return row[key]
        key, _, named = key.partition(' @ ')
        dataset = named or row.get('dataset', dataset)
        if 'model' in row:
            return self._find(self.entries, row['model']).lookup(key, dataset)
        if 'baseline' in row:
            return self._find(self.baselines, row['baseline']).get(dataset, {}).get(key)
        if 'paper' in row:
            return self._find(self.paper, row['paper']).get(key)
        return None

    @staticmethod
    def _find(table: dict, name: str) -> Any:
        if name not in table:
            raise UserError(
                f'no metafile and no tables.yml has {name!r}',
                'correct the name in the table, or add the entry there',
            )
        return table[name]


def fill(template: str, row: dict, numbers: Numbers, dataset: str | None) -> str:
    """Fill a cell's template; return '' if one of its values does not exist."""
    missing = False

    def value(match: re.Match) -> str:
        nonlocal missing
        found = numbers.lookup(row, match[1], dataset)
        missing = missing or found is None
        if isinstance(found, str):  # a label may hold values of its own
            return fill(found, row, numbers, dataset)
        return '' if found is None else format(found, match[2] or '')

    text = VALUE.sub(value, template)
    return '' if missing else text


def render_table(spec: dict, numbers: Numbers) -> str:
    """Return a table as markdown, one line per row, ending in a newline.

    Args:
        spec (dict): ``columns`` (templates by header, or the name of a set), ``rows``
            and, if the values are metrics, ``dataset``.
        numbers (Numbers): Source of the values.

    Raises:
        UserError: See :meth:`Numbers.lookup`.
    """
    columns, dataset = spec['columns'], spec.get('dataset')
    if isinstance(columns, str):
        columns = COLUMN_SETS[columns]
    lines = [list(columns), ['---'] * len(columns)]
    lines += [
        [fill(template, row, numbers, dataset) for template in columns.values()]
        for row in spec['rows']
    ]
    return ''.join(
        '|' + '|'.join(f' {cell} ' if cell else ' ' for cell in line) + '|\n'
        if line[0] != '---'
        else '|' + '|'.join(line) + '|\n'
        for line in lines
    )


def update_page(text: str, numbers: Numbers, name: str = 'the page') -> str:
    """Return a page with every marked table generated again.

    Args:
        text (str): Markdown.
        numbers (Numbers): Source of the values.
        name (str): The page, for messages.

    Raises:
        UserError: If a description is not YAML, lacks a part, or points at
            something that does not exist.
    """

    def replace(match: re.Match) -> str:
        try:
            table = render_table(yaml.safe_load(match[1]), numbers)
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            line = text[: match.start()].count('\n') + 1
            reason = str(error).replace('\n', ' ')
            raise UserError(
                f'{name}, line {line}: the table cannot be read ({reason})',
                'describe it with columns and rows, as doc_tables.py shows',
            ) from error
        return f'<!-- table\n{match[1]}-->\n{table}<!-- /table -->'

    return TABLE.sub(replace, text)


def pages_of(root: str | os.PathLike) -> list[Path]:
    """List the pages that may hold tables: README, ``docs``, the configs' READMEs."""
    base = Path(root)
    return [
        base / 'README.md',
        *sorted(base.glob('docs/**/*.md')),
        *sorted(base.glob('configs/*/README.md')),
    ]
