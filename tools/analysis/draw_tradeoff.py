"""Draw accuracy against parameters or operations from recorded numbers.

SDHRNet's Figs. 1 and 8, from its tables::

    python tools/analysis/draw_tradeoff.py docs/papers/sdhrnet_results.csv \
        --cost params --out fig1.png
    python tools/analysis/draw_tradeoff.py docs/papers/sdhrnet_results.csv \
        --cost gflops --out fig8.png
"""

import argparse
from pathlib import Path

from mmpose_ext.utils import run_cli
from mmpose_ext.utils.pictures import check_picture
from mmpose_ext.visualization.tradeoff import COSTS, draw_tradeoff, read_records


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('records', type=Path, nargs='+', help='csv files of results')
    parser.add_argument('--cost', choices=list(COSTS), required=True)
    parser.add_argument(
        '--datasets', nargs='+', default=['MPII', 'COCO'], help='panels, left to right'
    )
    parser.add_argument('--title', default='')
    parser.add_argument('--out', type=Path, required=True, help='.png, .svg or .pdf')
    return parser.parse_args()


def main() -> None:
    """Read the records and draw."""
    args = parse_args()
    check_picture(args.out, figure=True)
    records = [record for path in args.records for record in read_records(path)]
    draw_tradeoff(records, args.datasets, args.cost, args.out, args.title)
    print(f'written to {args.out}')


if __name__ == '__main__':
    run_cli(main)
