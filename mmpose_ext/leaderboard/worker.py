"""Performs one run: trains, tests and writes the ledger entry; continues if stopped.

``python -m mmpose_ext.leaderboard.worker FOLDER`` performs the run that
``FOLDER/run.json`` describes, alone or as one of torchrun's processes.
"""

import argparse
import copy
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.runner import Runner

from ..compat.cpu_processes import prepare_processes
from ..engine.hooks.preemption import EXIT_STATUS
from ..utils.cli import run_cli
from ..utils.config import load_config
from ..utils.errors import UserError
from ..utils.folders import claim_folder
from ..utils.io import atomic_write
from ..utils.runs import build_runner, check_data, resume_newest
from ..visualization import read_scalars
from .budgets import config_of_run
from .fingerprint import code_version, config_hash, data_fingerprint, environment
from .ledger import CONFIG, is_finished, write_entry
from .manifest import read_bundle_manifest
from .packed_data import use_packed
from .paths import resolve_config
from .pictures import TEST, save_run_pictures
from .plan import Run
from .protocols import protocol_of

DESCRIPTION, WORK = 'run.json', 'work'
PREEMPTED = '.preempted'
_LOCK, _SPENT = '.lock', '.seconds'


def reliable_config(run: Run, folder: Path) -> Config:
    """Return the resolved config of a run, with the hooks that make it reliable.

    Args:
        run (Run): The run.
        folder (Path): The run's folder.

    Raises:
        UserError: If there is no such config, or an option does not fit it.
    """
    config = config_of_run(run)
    hooks = load_config(resolve_config('configs/_base_/reliable_hooks.py'))
    reliable = hooks.reliable_hooks
    own = config.setdefault('default_hooks', {})
    for name, hook in reliable.items():
        # Of these hooks, MMPose's baselines have only MMEngine's checkpoint hook.
        if name == 'checkpoint':
            own[name] = {**own.get(name, {}), 'type': hook['type']}
        else:
            own.setdefault(name, hook)
    _keep_curves(config, folder)
    config.randomness = dict(seed=run.seed, deterministic=False)
    config.work_dir = str(folder / WORK)
    resume_newest(config)
    return config


def _keep_curves(config: Config, folder: Path) -> None:
    """Let the test of a COCO run write its precision-recall curves."""
    evaluator = config.test_evaluator
    for part in evaluator if isinstance(evaluator, list) else [evaluator]:
        # Both give the same ten figures.
        if part.type == 'CocoMetric':
            part.type = 'CocoCurveMetric'
        if part.type == 'CocoCurveMetric':
            part.outfile_prefix = str(folder / TEST)


def prepare(run: Run, folder: Path) -> None:
    """Claim a run's folder and write its description.

    Args:
        run (Run): The run.
        folder (Path): Its folder.

    Raises:
        UserError: If the folder holds another run, or this run with another version
            of the code or config.
    """
    settings = dict(
        asdict(run),
        config_hash=config_hash(reliable_config(run, folder)),
        code=code_version(),
    )
    claim_folder(folder, folder / DESCRIPTION, json.loads(json.dumps(settings)))


def read_run(folder: Path) -> Run:
    """Read the description of a run.

    Args:
        folder (Path): Its folder.

    Raises:
        UserError: If it cannot be read.
    """
    try:
        content = json.loads((folder / DESCRIPTION).read_text(encoding='utf-8'))
        names = Run.__dataclass_fields__
        return Run(**{key: content[key] for key in names})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f'cannot read {folder / DESCRIPTION}: {error}',
            'start the run with `mmpose-ext leaderboard run`',
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a run's folder; the lock ends with the process, however that ends.

    Raises:
        UserError: If another process has locked it.
    """
    with (folder / _LOCK).open('a') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(
                f'another process is working in {folder}',
                'wait for it, or stop it first',
            ) from error
        yield


def is_held(folder: Path) -> bool:
    """Return whether a process works in a run's folder.

    Args:
        folder (Path): The folder.
    """
    if not (folder / _LOCK).is_file():
        return False
    try:
        with locked(folder):
            return False
    except UserError:
        return True


def perform(run: Run, folder: Path, bundle: Path | None = None) -> None:
    """Train, test and write the ledger entry; a finished run is not repeated.

    Args:
        run (Run): The run.
        folder (Path): Its folder, from :func:`prepare`.
        bundle (Path, optional): Offline bundle whose packed data replace the config's.

    Raises:
        UserError: If the data are missing, or the folder is in use.
        SystemExit: With status 75, when the scheduler wants the machine back.
    """
    if is_finished(folder):
        return
    original = reliable_config(run, folder)
    config = prepare_processes(copy.deepcopy(original))
    if bundle is not None:
        use_packed(
            config, read_bundle_manifest(bundle)['data'].get(run.name, {}), bundle
        )
    check_data(config, 'train', 'val', 'test')
    started = time.monotonic()
    try:
        runner = build_runner(config)
        runner.train()
        metrics = runner.test()
    finally:
        if is_main_process():
            spent = _seconds(folder) + time.monotonic() - started
            (folder / _SPENT).write_text(f'{spent:.1f}')
    if is_main_process():
        _write(run, folder, runner, original, metrics)


def _write(
    run: Run, folder: Path, runner: Runner, config: Config, metrics: dict[str, Any]
) -> None:
    """Write the config, the pictures and the entry."""
    test = runner.test_dataloader.dataset
    with atomic_write(folder / CONFIG) as temporary:
        temporary.write_text(config.pretty_text, encoding='utf-8')
    save_run_pictures(getattr(runner.model, 'module', runner.model), test, folder)
    records = read_scalars(folder / WORK)
    validations = [record for record in records if 'loss' not in record]
    facts = dict(
        asdict(run),
        config_hash=config_hash(config),
        protocol=asdict(protocol_of(config)),
        code=code_version(),
        environment=environment(),
        datasets=dict(
            train=data_fingerprint(runner.train_dataloader.dataset),
            test=data_fingerprint(test),
        ),
        curve=validations,
        seconds=_seconds(folder),
    )
    write_entry(folder, facts, metrics)


def _seconds(folder: Path) -> float:
    """Return the seconds that earlier parts of the run took."""
    try:
        return float((folder / _SPENT).read_text())
    except (OSError, ValueError):
        return 0.0


def main() -> int | None:
    """Perform the run of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('folder', type=Path, help=f'folder with {DESCRIPTION}')
    parser.add_argument('--bundle', type=Path, help='offline bundle with the data')
    args = parser.parse_args()
    folder = args.folder
    run = read_run(folder)
    try:
        if int(os.environ.get('RANK', '0')):
            perform(run, folder, args.bundle)
        else:
            with locked(folder):
                perform(run, folder, args.bundle)
    except SystemExit as stop:
        if stop.code != EXIT_STATUS:
            raise
        # torchrun would take any other status for a crash, and start the run again.
        (folder / PREEMPTED).touch()
        return 0 if 'TORCHELASTIC_RUN_ID' in os.environ else EXIT_STATUS
    return None


if __name__ == '__main__':
    run_cli(main)
