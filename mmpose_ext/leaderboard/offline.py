"""Performs the runs of an offline bundle, a given number of minutes at a time.

``python -m mmpose_ext.leaderboard.offline BUNDLE`` is what the bundle's ``run.sh``
starts, from the packages beside it.
"""

import argparse
import shutil
import threading
import time
from pathlib import Path

import torch
from mmengine.runner import CheckpointLoader

from ..engine.hooks.preemption import EXIT_STATUS
from ..utils.cli import run_cli
from ..utils.errors import UserError
from ..utils.folders import atomic_folder
from ..utils.io import write_json_atomic
from .executors import LOG, Job
from .ledger import CONFIG, ENTRY, METRICS, is_finished
from .manifest import DIGESTS, check_digests, digests_of, read_bundle_manifest
from .pictures import CURVES, SHEET, WORST
from .plan import Run
from .split_weights import split_weights
from .worker import WORK, prepare

#: Folders in the bundle: the runs, and the results to copy back.
RUNS, RESULTS = 'runs', 'results'
#: Seconds before the end of a call at which a run is told to stop.
RESERVE = 30.0
#: Seconds that must be left for a run to be started.
_LEAST = 60.0
_SENT = (METRICS, CONFIG, SHEET, WORST, CURVES)


def perform_runs(bundle: Path, minutes: float) -> dict[str, str]:
    """Perform runs until all are finished or the time is up.

    Args:
        bundle (Path): The bundle.
        minutes (float): How long to work.

    Returns:
        dict[str, str]: ``finished``, ``preempted``, ``failed`` or ``waiting`` by run.

    Raises:
        UserError: If the bundle is damaged, or a folder holds another run.
    """
    end = time.monotonic() + 60 * minutes - RESERVE
    manifest = read_bundle_manifest(bundle)
    check_digests(bundle, manifest['files'], 'copy the bundle again')
    outcome: dict[str, str] = {}
    for number, facts in enumerate(manifest['runs'], start=1):
        run = Run(**facts)
        where = f'{number} of {len(manifest["runs"])}: {run.name}'
        folder = bundle / RUNS / run.board / run.name
        if not is_finished(folder):
            if outcome and end - time.monotonic() < _LEAST:
                outcome[run.name] = 'waiting'
                continue
            print(f'run {where}', flush=True)
            prepare(run, folder)
            outcome[run.name] = perform_until(
                end, folder, bundle, manifest['processes']
            )
        else:
            outcome[run.name] = 'finished'
        if outcome[run.name] == 'finished':
            send(folder, bundle / RESULTS / run.board / run.name)
        print(f'{outcome[run.name]}: {run.name}', flush=True)
    return outcome


def perform_until(end: float, folder: Path, bundle: Path, processes: int = 1) -> str:
    """Perform a run, and let it save its state when the time is up.

    Args:
        end (float): When the time is up, on the clock of :func:`time.monotonic`.
        folder (Path): The run's folder.
        bundle (Path): The bundle.
        processes (int): Processes of the training.

    Returns:
        str: ``finished``, ``preempted`` or ``failed``.
    """
    job = Job(str(folder), processes, bundle=str(bundle))
    timer = threading.Timer(max(1.0, end - time.monotonic()), job.stop)
    timer.daemon = True
    timer.start()
    try:
        state = job()
        # A test cannot save its state, so the next call repeats it.
        late = state == 'failed' and time.monotonic() >= end
        return 'preempted' if late else state
    finally:
        timer.cancel()
        job.stop()


def send(folder: Path, out: Path) -> None:
    """Copy the files of a finished run's ledger entry, with weights and digests.

    Args:
        folder (Path): The run's folder.
        out (Path): The folder to make; an existing one is left as it is.

    Raises:
        UserError: If it cannot be written.
    """
    if out.exists():
        return
    with atomic_folder(out) as temporary:
        names = [name for name in (ENTRY, *_SENT) if (folder / name).is_file()]
        for name in names:
            shutil.copy2(folder / name, temporary / name)
        names += split_weights(temporary, last_weights(folder))
        write_json_atomic(temporary / DIGESTS, digests_of(temporary, names), indent=1)


def last_weights(folder: Path) -> dict[str, torch.Tensor]:
    """Read the weights that a finished run tested.

    Args:
        folder (Path): The run's folder.

    Raises:
        UserError: If its last checkpoint is gone.
    """
    try:
        name = (folder / WORK / 'last_checkpoint').read_text(encoding='utf-8')
        path = folder / WORK / Path(name.strip()).name
        return CheckpointLoader.load_checkpoint(str(path), 'cpu')['state_dict']
    except (OSError, KeyError) as error:
        raise UserError(
            f'the last checkpoint of {folder} cannot be read: {error}',
            'delete that folder and call run.sh again',
        ) from error


def main() -> int | None:
    """Perform the runs of a bundle."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('bundle', type=Path)
    parser.add_argument('--minutes', type=float, help='default: as the bundle says')
    args = parser.parse_args()
    bundle = args.bundle.resolve()
    minutes = args.minutes
    if minutes is None:
        minutes = read_bundle_manifest(bundle)['minutes']
    if not minutes > 0:  # nan, too
        raise UserError(f'--minutes {minutes:g} is not positive', 'give 10 or more')
    outcome = perform_runs(bundle, minutes)
    done = sum(state == 'finished' for state in outcome.values())
    print(
        f'{done} of {len(outcome)} runs finished; results to copy: {bundle / RESULTS}'
    )
    for name, state in outcome.items():
        if state == 'failed':
            print(f'failed: {name}; see its {LOG} below {bundle / RUNS}')
    if 'failed' in outcome.values():
        return 1
    return 0 if done == len(outcome) else EXIT_STATUS


if __name__ == '__main__':
    run_cli(main)
