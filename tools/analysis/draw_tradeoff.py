"""Draw accuracy against parameters or operations.

Published figures come from the tables of a paper, as in SDHRNet's Figs. 1 and 8::

    python tools/analysis/draw_tradeoff.py configs/sdhrnet/tables.yml --tables 1 2 \
        --cost params --out fig1.png
    python tools/analysis/draw_tradeoff.py configs/sdhrnet/tables.yml --tables 1 2 \
        --cost gflops --out fig8.png

Your own networks come from a CSV file; rows whose source is "measured" are drawn as
filled bubbles::

    dataset,method,backbone,params_m,gflops,metric,value,source
    MPII val,my network,ResNet-18,11.2,4.1,PCKh@0.5,86.0,measured
"""

import argparse
from pathlib import Path

from mmpose_ext.leaderboard.table_files import read_board
from mmpose_ext.leaderboard.tradeoff_records import printed_records
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.pictures import check_picture
from mmpose_ext.visualization.tradeoff import (
    COSTS,
    Record,
    draw_tradeoff,
    read_records,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        'results', type=Path, nargs='+', help='configs/<paper>/tables.yml and CSV files'
    )
    parser.add_argument(
        '--tables',
        nargs='+',
        default=[],
        metavar='NUMBER',
        help='numbers of the tables to take from each tables.yml; default: all',
    )
    parser.add_argument('--cost', choices=list(COSTS), required=True)
    parser.add_argument(
        '--datasets',
        nargs='+',
        help='panels, left to right, such as "MPII val"; default: all data sets',
    )
    parser.add_argument('--title', default='')
    parser.add_argument('--out', type=Path, required=True, help='.png, .svg or .pdf')
    return parser.parse_args()


def read_results(path: Path, tables: list[str]) -> list[Record]:
    """Read the rows of a tables.yml or a CSV file."""
    if path.suffix in ('.yml', '.yaml'):
        return printed_records(read_board(path), tables)
    return read_records(path)


def main() -> None:
    """Read the records and draw."""
    args = parse_args()
    check_picture(args.out, figure=True)
    records = [r for path in args.results for r in read_results(path, args.tables)]
    if not records:
        raise UserError(
            f'no row of {", ".join(map(str, args.results))} prints parameters and an '
            'accuracy',
            'choose other --tables',
        )
    datasets = args.datasets or list(dict.fromkeys(r.dataset for r in records))
    draw_tradeoff(records, datasets, args.cost, args.out, args.title)
    print(f'written to {args.out}')


if __name__ == '__main__':
    run_cli(main)
