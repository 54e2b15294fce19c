"""Convert LSP or LSP-extended (official ``joints.mat``) to COCO's layout."""

import argparse
from pathlib import Path

from mmpose_ext.datasets.converters import convert_lsp, parse_split
from mmpose_ext.datasets.converters.options import (
    add_image_options,
    add_padding_option,
)
from mmpose_ext.utils import run_cli


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'root', type=Path, help='the unpacked archive: joints.mat and images/'
    )
    parser.add_argument(
        '--out-dir', type=Path, help='folder for the JSON files (ROOT/annotations)'
    )
    parser.add_argument('--joints', type=Path, help='default: ROOT/joints.mat')
    parser.add_argument('--images', type=Path, help='default: ROOT/images')
    parser.add_argument(
        '--split',
        action='append',
        metavar='NAME=FIRST-LAST',
        help='image numbers from 1, both included; may be repeated (the official '
        'ones: LSP train=1-1000, test=1001-2000; LSP-extended train=1-10000)',
    )
    add_padding_option(parser)
    parser.add_argument(
        '--min-joints',
        type=int,
        default=1,
        help='leave out persons with fewer annotated joints (%(default)s)',
    )
    add_image_options(parser)
    return parser.parse_args()


def main() -> None:
    """Convert and report."""
    args = parse_args()
    reports = convert_lsp(
        args.joints or args.root / 'joints.mat',
        args.images or args.root / 'images',
        args.out_dir or args.root / 'annotations',
        dict(map(parse_split, args.split)) if args.split else None,
        padding=args.padding,
        min_joints=args.min_joints,
        allow_missing=args.allow_missing,
        verify=args.verify,
    )
    for report in reports.values():
        print(report)


if __name__ == '__main__':
    run_cli(main)
