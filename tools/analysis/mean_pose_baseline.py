"""Score the mean training pose, put into each test box, with a config's metrics."""

import argparse
import math
from pathlib import Path

from mmengine.config import Config, DictAction

from mmpose_ext.evaluation.mean_pose import mean_pose_baseline
from mmpose_ext.utils import UserError, run_cli, write_json_atomic


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path, help='a top-down config')
    parser.add_argument('--out', type=Path, help='write the figures there as json')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override settings of the config',
    )
    return parser.parse_args()


def main() -> None:
    """Score, print the table, and write it when asked."""
    args = parse_args()
    if not args.config.is_file():
        raise UserError(f'no config {args.config}')
    config = Config.fromfile(args.config)
    if args.cfg_options:
        config.merge_from_dict(args.cfg_options)
    figures = mean_pose_baseline(config)
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f'{name:<{width}}  {value:8.3f}')
    if args.out:
        known = {k: None if math.isnan(v) else v for k, v in figures.items()}
        write_json_atomic(args.out, known, indent=2)
        print(f'written to {args.out}')


if __name__ == '__main__':
    run_cli(main)
