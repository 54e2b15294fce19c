"""Count parameters and operations of the models of configs.

Two conventions are reported: "GFLOPs" as counted by HRNet's code and the papers, and
MMEngine's multiply-adds. Examples::

    python tools/analysis/complexity.py \
        configs/sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py \
        mmpose::body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py
    python tools/analysis/complexity.py CONFIG --modules 2 --format csv --out x.csv
"""

import argparse
from pathlib import Path

import mmpose_ext  # noqa: F401  (registers the models)
from mmpose_ext.analysis import complexity_report, count_config
from mmpose_ext.analysis.report import FORMATS
from mmpose_ext.utils import UserError, atomic_write, run_cli
from mmpose_ext.utils.config import NAME_HELP, add_cfg_options, load_config
from mmpose_ext.utils.io import check_output


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('configs', nargs='+', help=f'configs: each {NAME_HELP}')
    parser.add_argument(
        '--input-size',
        type=int,
        nargs=2,
        metavar=('WIDTH', 'HEIGHT'),
        help="size of the image (default: each config's own)",
    )
    parser.add_argument(
        '--modules',
        type=int,
        default=0,
        metavar='DEPTH',
        help='also list modules down to DEPTH names deep (default: 0, none)',
    )
    parser.add_argument('--format', choices=FORMATS, default='table')
    parser.add_argument('--out', type=Path, help='file to write instead of printing')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    """Count every config, then print or write the report."""
    args = parse_args()
    if args.input_size and min(args.input_size) < 1:
        raise UserError(f'--input-size {args.input_size} must be positive')
    if args.out:
        check_output(args.out)
    size = tuple(args.input_size) if args.input_size else None
    counts = {}
    for name in args.configs:
        config = load_config(name, args.cfg_options)
        counts[Path(name).stem] = count_config(config, size)
    report = complexity_report(counts, args.format, args.modules)
    if args.out is None:
        print(report, end='')
        return
    with atomic_write(args.out) as temporary:
        temporary.write_text(report, encoding='utf-8')
    print(f'written to {args.out}')


if __name__ == '__main__':
    run_cli(main)
