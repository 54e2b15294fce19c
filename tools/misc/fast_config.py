"""Write a top-down config with this project's fast parts in place of MMPose's.

The new file needs no base config, and is trained and tested like the given one.

Example::

    python tools/misc/fast_config.py configs/sdhrnet/x.py fast.py
    mim train mmpose fast.py
"""

import argparse
from pathlib import Path

from mmpose_ext.apis.fast_config import make_fast
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config
from mmpose_ext.utils.io import atomic_write


def main() -> None:
    """Write the config."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('config', help='MMPose or mmpose_ext config, top-down')
    parser.add_argument('out', type=Path, help='the new .py file')
    parser.add_argument(
        '--near',
        action='store_true',
        help='flip inside the warp: faster, pixels up to 7 of 255 levels apart',
    )
    args = parser.parse_args()
    if args.out.suffix != '.py':
        raise UserError(f'{args.out} is not named .py', 'name the new file <name>.py')
    if args.out.exists():
        raise UserError(f'{args.out} exists', 'name a new file, or remove it')
    fast = make_fast(load_config(args.config), exact=not args.near)
    with atomic_write(args.out) as temporary:
        temporary.write_text(fast.pretty_text, encoding='utf-8')


if __name__ == '__main__':
    run_cli(main)
