"""Reports complexity as a table, CSV or JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from ..utils import ConfigError, choose_from
from .complexity import Complexity, ModuleCost

FORMATS = ('table', 'csv', 'json')
FIELDS = ('model', 'input', 'module', 'kind', 'params', 'gflops', 'gmacs')


def complexity_report(
    counts: Mapping[str, Complexity], style: str = 'table', depth: int = 0
) -> str:
    """Return the counts of several models as text.

    Args:
        counts (Mapping[str, Complexity]): Counts by the model's name.
        style (str): 'table' for people, with parameters in millions; 'csv' or
            'json', which have the exact counts as well.
        depth (int): How many names deep to list modules. Default: 0, the whole
            model only.

    Returns:
        str: The text, ending in a newline.

    Raises:
        ConfigError: If ``style`` is not one of :data:`FORMATS`.
    """
    rows = [
        (name, count, module)
        for name, count in counts.items()
        for module in count.down_to(depth)
    ]
    if style == 'table':
        return _table(rows)
    records = [_record(*row) for row in rows]
    if style == 'json':
        return json.dumps(records, indent=2) + '\n'
    if style == 'csv':
        text = io.StringIO()
        names = list(records[0]) if records else FIELDS
        writer = csv.DictWriter(text, names, lineterminator='\n')
        writer.writeheader()
        writer.writerows(records)
        return text.getvalue()
    raise ConfigError(
        'complexity_report', 'style', style, 'is unknown', choose_from(FORMATS, style)
    )


def _record(name: str, count: Complexity, module: ModuleCost) -> dict:
    return dict(
        model=name,
        input=f'{count.input_size[0]}x{count.input_size[1]}',
        module=module.name,
        kind=module.kind,
        params=module.params,
        operations=module.operations,
        gflops=round(module.gflops, 6),
        macs=module.macs,
        gmacs=round(module.gmacs, 6),
    )


def _table(rows: Sequence[tuple[str, Complexity, ModuleCost]]) -> str:
    head = ['model', 'input (w x h)', 'params (M)', 'GFLOPs (2^30)', 'GMACs (10^9)']
    body = []
    for name, count, module in rows:
        label = f'  {module.name} ({module.kind})' if module.name else name
        size = '' if module.name else '{}x{}'.format(*count.input_size)
        body.append(
            [
                label,
                size,
                f'{module.params / 1e6:.4f}',
                f'{module.gflops:.4f}',
                f'{module.gmacs:.4f}',
            ]
        )
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    lines = []
    for line in [head, *body]:
        cells = [line[0].ljust(widths[0])]
        cells += [
            cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)
        ]
        lines.append('  '.join(cells).rstrip())
    note = (
        'GFLOPs: convolution and linear weights times output positions, as HRNet '
        'counts;\nGMACs: multiply-adds of the traced graph, as MMEngine counts.'
    )
    return '\n'.join([*lines, '', note, ''])
