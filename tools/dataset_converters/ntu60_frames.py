"""Extract annotated frames from the official files of NTU RGB+D 60."""

import argparse
from pathlib import Path

from mmpose_ext.datasets.converters import extract_ntu60
from mmpose_ext.datasets.converters.options import add_padding_option
from mmpose_ext.datasets.formats.ntu60 import MISSING_LIST, SUBJECTS
from mmpose_ext.utils import run_cli
from mmpose_ext.utils.argument_types import seed_number


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'root', type=Path, help='folder with nturgb+d_rgb/ and nturgb+d_skeletons/'
    )
    parser.add_argument(
        'out_dir', type=Path, help='folder for images/ and annotations/'
    )
    parser.add_argument(
        '-n', '--num-frames', type=int, default=5000, help='(%(default)s)'
    )
    parser.add_argument(
        '--seed', type=seed_number, default=0, help='seed of the choice (%(default)s)'
    )
    parser.add_argument(
        '--subjects',
        choices=tuple(SUBJECTS),
        default='xsub-val',
        help='performers to take (%(default)s)',
    )
    parser.add_argument(
        '--missing-list',
        default=MISSING_LIST,
        metavar='FILE',
        help='official list of samples with missing skeletons; a relative path starts '
        'at root; or none (%(default)s)',
    )
    add_padding_option(parser)
    parser.add_argument(
        '--quality', type=int, default=95, help='JPEG quality (%(default)s)'
    )
    parser.add_argument('--workers', type=int, help='processes (all cores)')
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='accept samples without a video or skeleton',
    )
    return parser.parse_args()


def main() -> int:
    """Extract and report; return 1 if a sample could not be used."""
    args = parse_args()
    report = extract_ntu60(
        args.root,
        args.out_dir,
        num_frames=args.num_frames,
        seed=args.seed,
        subjects=args.subjects,
        missing_list=None if args.missing_list == 'none' else args.missing_list,
        padding=args.padding,
        quality=args.quality,
        workers=args.workers,
    )
    print(report)
    samples = report.samples
    incomplete = samples.without_video or samples.without_skeleton
    short = report.num_images < report.asked
    return int(
        bool(report.problems or short or (incomplete and not args.allow_missing))
    )


if __name__ == '__main__':
    run_cli(main)
