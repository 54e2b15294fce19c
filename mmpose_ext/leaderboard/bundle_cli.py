"""The verbs ``pack`` and ``merge`` of ``mmpose-ext leaderboard``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..utils.errors import UserError
from .bundle import Plan
from .bundle import pack as make_bundle
from .crops import DETAIL
from .merge import merge as merge_bundle
from .plan import Run
from .wheels import Target


def add_pack_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``pack`` beside those that choose runs.

    Args:
        parser (argparse.ArgumentParser): The verb's parser.
    """
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder to make')
    add('--python', default='3.11', help='of the machine (%(default)s)')
    add('--platform', default='linux-x86_64', help='(%(default)s), linux-aarch64')
    add(
        '--wheels',
        type=Path,
        default=Path('bundle_wheels'),
        help='folder of wheels; what it lacks is downloaded there (%(default)s)',
    )
    add(
        '--without',
        nargs='*',
        default=['torch'],
        help='packages that the machine has; torch: all of its own; all: everything '
        'but this plugin (torch)',
    )
    add('--max-mb', type=float, default=60, help='size to stay below (%(default)s)')
    add('--minutes', type=float, default=50, help='of a call (%(default)s)')
    add('--processes', type=int, default=1, help='of a run, one a GPU (%(default)s)')
    add(
        '--detail',
        type=float,
        default=DETAIL,
        help='pixels of a packed crop per pixel of the input (%(default)s)',
    )


def check_positive(args: argparse.Namespace, *names: str) -> None:
    """Raise unless options are positive.

    Args:
        args (argparse.Namespace): The command line.
        *names (str): The options.

    Raises:
        UserError: Naming the first that is not.
    """
    for name in names:
        value = getattr(args, name)
        if not value > 0:
            option = name.replace('_', '-')
            raise UserError(f'--{option} {value} is not positive', 'give 1 or more')


def pack(args: argparse.Namespace, runs: Sequence[Run]) -> None:
    """Make a bundle for a machine without a network.

    Args:
        args (argparse.Namespace): The command line.
        runs (Sequence[Run]): The runs.
    """
    check_positive(args, 'max_mb', 'minutes', 'processes', 'detail')
    plan = Plan(
        out=args.out,
        runs=runs,
        target=Target(args.python, args.platform),
        wheels=args.wheels,
        without=args.without,
        max_mb=args.max_mb,
        minutes=args.minutes,
        processes=args.processes,
        detail=args.detail,
    )
    sizes = make_bundle(plan)
    total = sum(sizes.values()) / 1e6
    print(f'{args.out}: {len(runs)} runs, {total:.1f} MB; start run.sh in it')


def merge(args: argparse.Namespace) -> None:
    """Take the results of a bundle into the ledger.

    Args:
        args (argparse.Namespace): The command line.
    """
    new, known = merge_bundle(args.bundle, args.results)
    print(f'{len(new)} runs are new in {args.results}, {len(known)} were there already')
