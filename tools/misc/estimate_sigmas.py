r"""Estimate the sigmas of OKS from repeated labels, or set them alike.

Examples::

    python tools/misc/estimate_sigmas.py my_joints.py anna.json ben.json --out sigmas.py
    python tools/misc/estimate_sigmas.py my_joints.py --alike 0.05 --out sigmas.py
"""

import argparse
import math
from pathlib import Path

import mmpose_ext  # noqa: F401  (before anything of mmpose)
from mmpose_ext.analysis.sigmas import estimate_sigmas, load_metainfo, write_sigmas
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.io import check_output

#: With fewer people than this, a warning says that the sigmas are rough.
FEW = 30


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('metainfo', type=Path, help='the metainfo file of the joints')
    parser.add_argument(
        'labels',
        nargs='*',
        type=Path,
        help="two or more annotations in COCO's layout that label the same images, one "
        'for each annotator',
    )
    parser.add_argument('--alike', type=float, help='one sigma for all joints')
    parser.add_argument(
        '--out', type=Path, help='file for a copy of the metainfo with these sigmas'
    )
    return parser.parse_args()


def main() -> None:
    """Estimate or set, report and write."""
    args = parse_args()
    if args.out:
        check_output(args.out)
    if (args.alike is None) == (not args.labels):
        raise UserError(
            'give either files with repeated labels or --alike',
            'for example anna.json ben.json, or --alike 0.05',
        )
    meta = load_metainfo(args.metainfo)
    if args.labels:
        estimate = estimate_sigmas(args.labels, meta)
        sigmas = estimate.sigmas
        source = (
            f'estimated from {estimate.people} people in {len(args.labels)} files of '
            'repeated labels'
        )
        counts = [f'  {count:7d}' for count in estimate.labels]
    else:
        if not (math.isfinite(args.alike) and args.alike > 0):
            raise UserError(
                f'--alike {args.alike} is not above 0', 'give for example 0.05'
            )
        sigmas = (args.alike,) * len(meta['joints'])
        source = f'set alike to {args.alike:g}, not estimated'
        counts = [''] * len(sigmas)
    width = max(map(len, meta['joints']))
    print(f'{"joint":<{width}}  sigma' + ('   people' if args.labels else ''))
    for name, sigma, count in zip(meta['joints'], sigmas, counts, strict=True):
        print(f'{name:<{width}}  {sigma:.4f}{count}')
    print(f'sigmas {source}')
    if args.labels and min(estimate.labels) < FEW:
        print(
            f'warning: some joints were labeled twice on fewer than {FEW} people; '
            'their sigmas are rough'
        )
    if args.out:
        write_sigmas(args.metainfo, args.out, sigmas, source[0].upper() + source[1:])
        print(f'wrote {args.out}')


if __name__ == '__main__':
    run_cli(main)
