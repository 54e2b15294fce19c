"""Convert MPII's official annotation to the JSON files that MMPose reads."""

import argparse
from pathlib import Path

from mmpose_ext.datasets.converters import convert_mpii
from mmpose_ext.datasets.converters.options import add_image_options
from mmpose_ext.utils import run_cli


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'release', type=Path, help='the official mpii_human_pose_v1_u12_1.mat'
    )
    parser.add_argument('images', type=Path, help='the folder with the images')
    parser.add_argument('out_dir', type=Path, help='folder for mpii_*.json')
    parser.add_argument(
        '--val',
        type=Path,
        metavar='MPII_GT_VAL',
        help='mpii_gt_val.mat, which defines the validation split; without it '
        'only trainval and test are written',
    )
    parser.add_argument(
        '--split',
        action='append',
        choices=('train', 'val', 'trainval', 'test'),
        help='split to write; may be repeated (default: all)',
    )
    add_image_options(parser)
    parser.add_argument(
        '--overwrite', action='store_true', help='replace existing files'
    )
    return parser.parse_args()


def main() -> None:
    """Convert and report."""
    args = parse_args()
    reports = convert_mpii(
        args.release,
        args.images,
        args.out_dir,
        args.val,
        splits=args.split,
        allow_missing=args.allow_missing,
        verify=args.verify,
        overwrite=args.overwrite,
    )
    for report in reports.values():
        print(report)


if __name__ == '__main__':
    run_cli(main)
