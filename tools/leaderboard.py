"""Run the tables of a paper, compare them with what it printed, and report.

    mmpose-ext leaderboard run ca_hrnet --dry-run     # the plan, with GPU-hours
    mmpose-ext leaderboard run ca_hrnet --seeds 0 1 2 # the whole table
    mmpose-ext leaderboard run all --budget small     # minutes on one CPU
    mmpose-ext leaderboard compare ca_hrnet           # exit status 1: a row is outside
    mmpose-ext leaderboard report --out report.html
    mmpose-ext leaderboard pack ca_hrnet --budget small --data lspet --out bundle
    mmpose-ext leaderboard merge bundle               # the results of its run.sh

Finished runs are not repeated, stopped ones continue: see docs/leaderboard.md.
"""

import argparse
import ast
import signal
from collections.abc import Sequence
from typing import Any

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis.metafile import ModelEntry, find_metafiles
from mmpose_ext.leaderboard.arguments import ALL, parse_args
from mmpose_ext.leaderboard.audit import audit_page
from mmpose_ext.leaderboard.budgets import config_of_run
from mmpose_ext.leaderboard.bundle_cli import check_positive, merge, pack
from mmpose_ext.leaderboard.compare import OUTSIDE, judge_board
from mmpose_ext.leaderboard.executors import (
    LOG,
    execute,
    make_executor,
    require_gpu,
)
from mmpose_ext.leaderboard.html_report import html_report
from mmpose_ext.leaderboard.ledger import find_entries, is_finished
from mmpose_ext.leaderboard.paths import root_folder
from mmpose_ext.leaderboard.plan import (
    SYNTHETIC,
    Run,
    config_of_row,
    gpu_hours,
    plan_runs,
    select_rows,
)
from mmpose_ext.leaderboard.report import markdown_report, markdown_table
from mmpose_ext.leaderboard.table_files import find_boards, pick_board
from mmpose_ext.leaderboard.tables import Board
from mmpose_ext.leaderboard.worker import prepare
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.io import atomic_write, check_output


def boards_of(name: str) -> list[Board]:
    """Return one board, or all."""
    configs = root_folder() / 'configs'
    return list(find_boards(configs)) if name == ALL else [pick_board(configs, name)]


def models() -> dict[str, ModelEntry]:
    """Return the entries of all metafiles by name."""
    metafiles = find_metafiles(root_folder() / 'configs')
    return {entry.name: entry for file in metafiles for entry in file.entries}


def plan_of(args: argparse.Namespace) -> list[Run]:
    """Return the runs that the command line asks for."""
    runs = []
    data = args.data or (SYNTHETIC if args.paper == ALL else None)
    for board in boards_of(args.paper):
        rows = select_rows(board, args.table, args.rows)
        if args.paper == ALL and not any(
            config_of_row(row, args.budget, data) for _, row in rows
        ):
            print(f'{board.folder}: no rows for this budget and data')
            continue
        options = args.cfg_options or {}
        runs += plan_runs(board, rows, args.budget, args.seeds, options, data)
    if not runs:
        raise UserError('no rows for this budget and data', 'choose another --data')
    return runs


def show_plan(runs: Sequence[Run], args: argparse.Namespace) -> None:
    """Print the runs, which of them are finished, and the GPU-hours of the rest."""
    known, lines, total = models(), [], 0.0
    protocols = {
        row.config: row.protocol
        for board in boards_of(args.paper)
        for _, row in select_rows(board)
    }
    for run in runs:
        done = is_finished(args.results / run.board / run.name)
        epochs = config_of_run(run).train_cfg.max_epochs
        model = known.get(run.name.partition('__')[0])
        hours = None
        if model and run.config in protocols:
            operations = model.metadata['Operations']
            hours = gpu_hours(protocols[run.config], operations, epochs, args.tflops)
        if hours and not done:
            total += hours
        text = '' if hours is None else f'{hours:.0f}'
        lines.append([run.name, str(epochs), text, 'finished' if done else ''])
    print(markdown_table(['run', 'epochs', 'GPU-hours', 'state'], lines))
    print(
        f'{len(runs)} runs; {total:.0f} GPU-hours left where known, if training '
        f'reaches {args.tflops:g} TFLOP/s (--tflops)'
    )


def slurm_options(pairs: Sequence[str]) -> dict[str, Any]:
    """Read KEY=VALUE pairs; numbers become numbers."""
    options = {}
    for pair in pairs:
        key, equals, value = pair.partition('=')
        if not equals:
            raise UserError(f'--slurm {pair!r} is not KEY=VALUE', 'write partition=gpu')
        try:
            options[key] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            options[key] = value
    return options


def pack_runs(args: argparse.Namespace) -> None:
    """Make a bundle of the runs for a machine without a network."""
    pack(args, plan_of(args))


def run(args: argparse.Namespace) -> int:
    """Perform the runs; return 1 if one is not finished, else 0."""
    check_positive(args, 'jobs', 'processes', 'tflops')
    runs = plan_of(args)
    if args.dry_run:
        show_plan(runs, args)
        return 0
    require_gpu(args.budget, args.executor, args.cpu)
    check_output(args.results / runs[0].board / 'x')
    folders = []
    for item in runs:
        folder = args.results / item.board / item.name
        prepare(item, folder)
        folders.append(folder)
    # Like Ctrl-C, so that the runs save their state.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs = args.results / '.jobs'
    executor = make_executor(args.executor, logs, slurm_options(args.slurm))
    outcome = execute(folders, executor, args.jobs, args.processes, args.restarts)
    bad = {folder: state for folder, state in outcome.items() if state != 'finished'}
    print(f'{len(outcome) - len(bad)} of {len(outcome)} runs finished')
    for folder, state in bad.items():
        print(f'{state}: {folder}; see {folder / LOG}, and start this command again')
    return 1 if bad else 0


def judged_boards(args: argparse.Namespace) -> list[tuple[Board, dict]]:
    """Return boards with their verdicts."""
    return [
        (
            board,
            judge_board(
                board, list(find_entries(args.results, board.folder)), args.budget
            ),
        )
        for board in boards_of(args.paper)
    ]


def compare(args: argparse.Namespace) -> int:
    """Print verdicts; return 1 if a row is outside its tolerance, else 0."""
    outside = 0
    for board, judged in judged_boards(args):
        print(markdown_report(board, judged, args.budget))
        rows = [row for rows, _ in judged.values() for row in rows]
        outside += sum(row.verdict in OUTSIDE for row in rows)
    return 1 if outside else 0


def report(args: argparse.Namespace) -> None:
    """Write the report in the format of its suffix."""
    kind = args.out.suffix.lower()
    if kind not in ('.md', '.html'):
        raise UserError(f'--out {args.out} has no known suffix', 'write .md or .html')
    check_output(args.out)
    boards = judged_boards(args)
    if kind == '.md':
        text = '\n'.join(markdown_report(b, j, args.budget) for b, j in boards)
    else:
        text = html_report(boards, models(), args.budget)
    with atomic_write(args.out) as temporary:
        temporary.write_text(text, encoding='utf-8')
    print(f'report: {args.out}')


def audit(args: argparse.Namespace) -> None:
    """Write the audit page."""
    check_output(args.out)
    boards = boards_of(args.paper)
    entries = {b.folder: list(find_entries(args.results, b.folder)) for b in boards}
    with atomic_write(args.out) as temporary:
        temporary.write_text(audit_page(boards, models(), entries), encoding='utf-8')
    print(f'audit: {args.out}')


def main() -> int | None:
    """Run a verb."""
    args = parse_args(__doc__)
    verbs = dict(
        run=run,
        pack=pack_runs,
        merge=merge,
        compare=compare,
        report=report,
        audit=audit,
    )
    return verbs[args.verb](args)


if __name__ == '__main__':
    run_cli(main)
