"""Find faults in the data sets of a config, or in annotation files."""

import argparse
from pathlib import Path

import mmpose_ext  # noqa: F401  (registers the data sets)
from mmpose_ext.datasets.doctor import (
    Diagnosis,
    examine,
    files_of_config,
    load_pose_file,
)
from mmpose_ext.utils import UserError, run_cli, write_json_atomic
from mmpose_ext.utils.config import add_cfg_options
from mmpose_ext.utils.io import check_output


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'target',
        nargs='+',
        help='a config (a path, or a name such as mmpose::...), or annotation files '
        "(JSON of COCO's or MPII's layout); the first of several files is the training "
        'set, which is compared with the others',
    )
    parser.add_argument(
        '--images', type=Path, help='the images of the annotation files'
    )
    parser.add_argument(
        '--quick',
        action='store_true',
        help="read only the images' headers; this does not find truncated, duplicate "
        'or shared images',
    )
    parser.add_argument('--json', type=Path, help='also write everything to this file')
    parser.add_argument('--workers', type=int, help='threads (all cores)')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> int:
    """Examine and report; return 1 if something is fatal."""
    args = parse_args()
    diagnoses: list[Diagnosis] = []
    if args.json:
        check_output(args.json)
    first = args.target[0]
    if '::' in first or Path(first).suffix in ('.py', '.yml', '.yaml'):
        if len(args.target) > 1:
            raise UserError('give one config, or annotation files')
        files, diagnoses = files_of_config(first, args.cfg_options)
    else:
        names = (
            ['annotations']
            if len(args.target) == 1
            else ['train', *(f'other[{i}]' for i in range(1, len(args.target)))]
        )
        files = {
            name: load_pose_file(Path(path), args.images)
            for name, path in zip(names, args.target, strict=True)
        }
    diagnoses += examine(files, deep=not args.quick, workers=args.workers)
    for diagnosis in diagnoses:
        print(diagnosis)
    fatal = any(diagnosis.fatal for diagnosis in diagnoses)
    if args.json:
        report = [diagnosis.as_dict() for diagnosis in diagnoses]
        write_json_atomic(args.json, dict(fatal=fatal, reports=report), indent=1)
    return int(fatal)


if __name__ == '__main__':
    run_cli(main)
