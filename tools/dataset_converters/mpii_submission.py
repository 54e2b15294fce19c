"""Export predictions of MPII's test set in the form that its authors evaluate."""

import argparse
from pathlib import Path

from mmpose_ext.datasets.formats.mpii import SUBMISSION_FILE
from mmpose_ext.evaluation.mpii_export import (
    export_mpii_submission,
    load_predictions,
    load_test_index,
)
from mmpose_ext.utils import run_cli


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'release', type=Path, help='the official mpii_human_pose_v1_u12_1.mat'
    )
    parser.add_argument(
        'test_file', type=Path, help='mpii_test.json, written by mpii_mat2json.py'
    )
    parser.add_argument(
        'predictions',
        type=Path,
        help='.mat or .npy with preds of shape (N, 16, 2) in the order of test_file',
    )
    parser.add_argument('--out', type=Path, default=Path(SUBMISSION_FILE))
    parser.add_argument(
        '--offset',
        type=float,
        default=0.0,
        help='pixels to add; 1 for predictions that count from 0, such as those of '
        "HRNet's code (%(default)s)",
    )
    return parser.parse_args()


def main() -> None:
    """Export and report."""
    args = parse_args()
    number = export_mpii_submission(
        args.release,
        load_predictions(args.predictions) + args.offset,
        load_test_index(args.test_file),
        args.out,
    )
    print(f'{args.out}: {number} persons')


if __name__ == '__main__':
    run_cli(main)
