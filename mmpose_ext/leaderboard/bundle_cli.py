"""The verbs ``pack`` and ``merge`` of ``mmpose-ext leaderboard``."""

import argparse
from collections.abc import Sequence

from ..utils.errors import UserError
from .bundle import Plan
from .bundle import pack as make_bundle
from .merge import merge as merge_bundle
from .plan import Run
from .wheels import Target


def check_positive(args: argparse.Namespace, *names: str) -> None:
    """Raise unless options are positive.

    Args:
        args (argparse.Namespace): The command line.
        *names (str): The options.

    Raises:
        UserError: If one is not; the message names the first.
    """
    for name in names:
        value = getattr(args, name)
        if not value > 0:
            option = name.replace('_', '-')
            raise UserError(
                f'--{option} {value} is not positive', 'give a positive number'
            )


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
    """Add the results of a bundle to the ledger.

    Args:
        args (argparse.Namespace): The command line.
    """
    new, known = merge_bundle(args.bundle, args.results)
    print(f'{len(new)} runs are new in {args.results}, {len(known)} were already there')
