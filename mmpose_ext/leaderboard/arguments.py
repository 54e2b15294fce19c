"""Command line of ``mmpose-ext leaderboard``."""

import argparse
from pathlib import Path

from ..utils.argument_types import seed_number
from ..utils.config import add_cfg_options
from .crops import DETAIL
from .executors import EXECUTORS
from .plan import BUDGETS

#: Stands for all boards.
ALL = 'all'


def parse_args(about: str) -> argparse.Namespace:
    """Read the command line.

    Args:
        about (str): A line on what the tool does, a blank line, and examples.
    """
    parser = argparse.ArgumentParser(
        description=about.partition('\n')[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=about.partition('\n\n')[2],
    )
    verbs = parser.add_subparsers(dest='verb', required=True)
    _add_run(verbs.add_parser('run', help='perform runs'))
    _add_pack(verbs.add_parser('pack', help='make a bundle for an offline machine'))
    child = verbs.add_parser('merge', help='add results of a bundle to the ledger')
    child.add_argument('bundle', type=Path, help='the bundle, or its results folder')
    _add_results(child)
    for verb, text in (
        ('compare', 'print verdicts; exit status 1 if a row is outside its tolerance'),
        ('report', 'write tables and pictures as .md or .html'),
        ('audit', 'write what the papers specify and contradict, as .md'),
    ):
        child = verbs.add_parser(verb, help=text)
        child.add_argument(
            'paper', nargs='?', default=ALL, help='folder below configs, or all'
        )
        _add_results(child)
        if verb != 'audit':
            child.add_argument('--budget', choices=BUDGETS, default=BUDGETS[0])
        if verb != 'compare':
            child.add_argument('--out', type=Path, required=True, help='file to write')
    return parser.parse_args()


def _add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--results',
        type=Path,
        default=Path('results'),
        help='ledger folder (%(default)s)',
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose runs."""
    add = parser.add_argument
    add('paper', help='folder below configs, such as ca_hrnet, or all')
    add('--table', help='only this table')
    add('--rows', nargs='+', help='only these rows')
    add('--seeds', nargs='+', type=seed_number, default=[0], help='random seeds (0)')
    add(
        '--budget',
        choices=BUDGETS,
        default=BUDGETS[0],
        help="full: the paper's schedule; small: minutes on one CPU (%(default)s)",
    )
    add(
        '--data',
        help='data of small runs: synthetic or lspet (default: synthetic where a row '
        'has a config for it)',
    )
    add_cfg_options(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_choice(parser)
    add = parser.add_argument
    add(
        '--executor',
        choices=EXECUTORS,
        default=EXECUTORS[0],
        help='where runs are started; debug: in this process (%(default)s)',
    )
    add('--jobs', type=int, default=1, help='runs at the same time (%(default)s)')
    add(
        '--processes',
        type=int,
        default=1,
        help='processes per run, one per GPU (%(default)s)',
    )
    add('--restarts', type=int, default=1, help='restarts after a crash (%(default)s)')
    add(
        '--slurm',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='Slurm parameters for submitit',
    )
    add('--cpu', action='store_true', help='allow full runs without a GPU')
    add('--dry-run', action='store_true', help='print the plan and stop')
    add(
        '--tflops', type=float, default=20, help='assumed TFLOPS of a GPU (%(default)s)'
    )
    _add_results(parser)


def _add_pack(parser: argparse.ArgumentParser) -> None:
    _add_choice(parser)
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder to make')
    add('--python', default='3.11', help='Python of the machine (%(default)s)')
    add(
        '--platform',
        default='linux-x86_64',
        help='%(default)s (default) or linux-aarch64',
    )
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
        help="packages that the machine has; torch: all of PyTorch's own; all: "
        'everything but this plugin (torch)',
    )
    add('--max-mb', type=float, default=60, help='largest size in MB (%(default)s)')
    add(
        '--minutes',
        type=float,
        default=50,
        help='length of a call of run.sh (%(default)s)',
    )
    add(
        '--processes',
        type=int,
        default=1,
        help='processes per run, one per GPU (%(default)s)',
    )
    add(
        '--detail',
        type=float,
        default=DETAIL,
        help='pixels of a packed crop per pixel of the input (%(default)s)',
    )
