"""Score the mean training pose, placed in each test box, with a config's metrics."""

import argparse
import math
from pathlib import Path

import mmpose_ext  # noqa: F401  (registers the data sets)
from mmpose_ext.evaluation.mean_pose import mean_pose_baseline
from mmpose_ext.utils import run_cli, write_json_atomic
from mmpose_ext.utils.config import add_config_arguments, load_config
from mmpose_ext.utils.io import check_output


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_config_arguments(parser, 'a top-down config')
    parser.add_argument('--out', type=Path, help='JSON file to write the scores to')
    return parser.parse_args()


def main() -> None:
    """Score, print the table, and write it if requested."""
    args = parse_args()
    if args.out:
        check_output(args.out)
    config = load_config(args.config, args.cfg_options)
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
