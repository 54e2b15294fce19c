"""Draw a random subset of COCO, in COCO's own layout, for small runs."""

import argparse
from pathlib import Path

from mmpose_ext.datasets.converters.coco_subset import SubsetSplit, subset_coco
from mmpose_ext.utils import run_cli
from mmpose_ext.utils.argument_types import seed_number


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('root', type=Path, help='COCO, with annotations/ and images')
    parser.add_argument('out_root', type=Path, help='folder for the subset')
    parser.add_argument(
        '--split',
        action='append',
        required=True,
        metavar='NAME=NUMBER[:SOURCE]',
        help='e.g. train2017=500, or val2017=50:train2017 to draw a validation set '
        'from the training images; may be repeated, and splits never share images',
    )
    parser.add_argument('--seed', type=seed_number, default=0, help='(%(default)s)')
    parser.add_argument(
        '--any-image',
        action='store_true',
        help='also draw images without annotated persons',
    )
    parser.add_argument(
        '--link', action='store_true', help='link the images instead of copying'
    )
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='draw only from the images that exist',
    )
    return parser.parse_args()


def main() -> None:
    """Draw and report."""
    args = parse_args()
    reports = subset_coco(
        args.root,
        args.out_root,
        [SubsetSplit.parse(text) for text in args.split],
        seed=args.seed,
        any_image=args.any_image,
        link=args.link,
        allow_missing=args.allow_missing,
    )
    for report in reports.values():
        print(report)


if __name__ == '__main__':
    run_cli(main)
