"""Starts runs: submitit starts each run, torchrun the processes within it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from ..utils.errors import UserError
from .ledger import is_finished
from .plan import BUDGETS
from .worker import PREEMPTED, is_held

EXECUTORS = ('local', 'slurm', 'debug')
LOG, _JOBS = 'log.txt', '.jobs'
_POLL = 1.0  # seconds


@dataclass
class Job:
    """One run as a job, which starts torchrun and continues after a preemption.

    Args:
        folder (str): The run's folder.
        processes (int): Processes of the training, one per GPU.
        restarts (int): How often torchrun starts the run again after a crash.
        bundle (str): Folder of the offline bundle whose data the run uses; empty for
            the data that the config names.
    """

    folder: str
    processes: int = 1
    restarts: int = 1
    bundle: str = ''
    child: Any = field(default=None, repr=False)

    def command(self) -> list[str]:
        """Return the command line for a fixed number of processes on one machine."""
        return [
            *(sys.executable, '-W', 'ignore', '-m', 'torch.distributed.run'),
            *('--standalone', '--nnodes=1', f'--nproc-per-node={self.processes}'),
            *(f'--max-restarts={self.restarts}', '--module'),
            *('mmpose_ext.leaderboard.worker', self.folder),
            *(('--bundle', self.bundle) if self.bundle else ()),
        ]

    def environment(self) -> dict[str, str]:
        """Return the variables that the processes get in addition."""
        return {
            'OMP_NUM_THREADS': _threads(self.processes),
            # The store that torchrun shares by default keeps the addresses of processes
            # from before a restart, and new ones try to connect to them.
            'TORCH_DISABLE_SHARE_RDZV_TCP_STORE': '1',
        }

    def __call__(self) -> str:
        """Run until it is finished, preempted or out of restarts.

        Returns:
            str: ``finished``, ``preempted`` or ``failed``.
        """
        folder = Path(self.folder)
        (folder / PREEMPTED).unlink(missing_ok=True)
        with (folder / LOG).open('ab') as log:
            self.child = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Slurm sends submitit's signal to every process of the job.
                preexec_fn=_ignore_submitit,
                env={**os.environ, **self.environment()},
            )
            try:
                self.child.wait()
            except BaseException:  # Ctrl-C, or submitit ends
                self.stop()
                raise
        if is_finished(folder):
            return 'finished'
        return 'preempted' if (folder / PREEMPTED).exists() else 'failed'

    def checkpoint(self) -> Any:
        """Stop the run so that it can be continued; submitit then requeues the job."""
        from submitit.helpers import DelayedSubmission

        self.stop()
        return DelayedSubmission(replace(self, child=None))

    def stop(self) -> None:
        """Let the run save its state after the current step, and wait until it ends."""
        if self.child is not None and self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGTERM)
            self.child.wait()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, 'child': None}


def _ignore_submitit() -> None:
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)


def _threads(processes: int) -> str:
    """Return the threads per process: the user's choice, else a share of the cores."""
    cores = len(os.sched_getaffinity(0))
    return os.environ.get('OMP_NUM_THREADS') or str(max(1, cores // processes))


def require_gpu(budget: str, kind: str, cpu: bool = False) -> None:
    """Refuse a full run that would take months.

    Args:
        budget (str): ``full`` or ``small``.
        kind (str): The executor.
        cpu (bool): Whether to allow a full run without a GPU.

    Raises:
        UserError: If a full run would start on this machine, which has no GPU.
    """
    here = kind != 'slurm' and not cpu
    if budget == BUDGETS[0] and here and not torch.cuda.is_available():
        raise UserError(
            'a full run needs a GPU, and PyTorch finds none here',
            'take --budget small or --executor slurm; --cpu starts it anyway',
        )


def make_executor(kind: str, logs: Path, slurm: dict[str, Any] | None = None) -> Any:
    """Make submitit's executor.

    Args:
        kind (str): ``local``, ``slurm``, or ``debug``, which runs in this process.
        logs (Path): Folder of submitit's own files.
        slurm (dict, optional): Parameters of Slurm, such as ``partition``.

    Raises:
        UserError: If submitit is missing, there is no Slurm, or a parameter is unknown.
    """
    try:
        import submitit
    except ImportError as error:
        raise UserError(
            'leaderboard runs need submitit', 'pip install mmpose_ext[leaderboard]'
        ) from error
    if kind == 'debug':
        return submitit.DebugExecutor(folder=logs)
    if kind == 'local':
        local = submitit.LocalExecutor(folder=logs)
        local.update_parameters(timeout_min=60 * 24 * 30)
        return local
    try:
        executor: Any = submitit.SlurmExecutor(folder=logs)
        executor.update_parameters(**(slurm or {}))
    except (RuntimeError, NameError, ValueError) as error:
        raise UserError(
            f'Slurm cannot be used: {" ".join(str(error).split())}',
            'start this on a login node, or take --executor local',
        ) from error
    return executor


def execute(
    folders: Sequence[Path],
    executor: Any,
    parallel: int = 1,
    processes: int = 1,
    restarts: int = 1,
) -> dict[Path, str]:
    """Perform runs and wait for them; finished ones are not repeated.

    Args:
        folders (Sequence[Path]): Prepared folders of runs.
        executor: The executor, from :func:`make_executor`.
        parallel (int): Runs at the same time.
        processes (int): Processes of each run.
        restarts (int): See :class:`Job`.

    Returns:
        dict[Path, str]: ``finished``, ``preempted`` or ``failed`` for each folder.
    """
    waiting = [folder for folder in folders if not is_finished(folder)]
    outcome = {folder: 'finished' for folder in folders if folder not in waiting}
    running: dict[Path, Any] = {}
    elsewhere: set[Path] = set()
    bar = tqdm(total=len(folders), initial=len(outcome), unit='run', desc='runs')
    try:
        while waiting or running:
            for folder in list(waiting):
                # A killed command may have left it running: wait for it.
                if len(running) == parallel or _is_elsewhere(folder, elsewhere):
                    continue
                waiting.remove(folder)
                if is_finished(folder):
                    outcome[folder] = 'finished'
                    bar.update()
                    continue
                bar.set_postfix_str(folder.name[:60])
                job = Job(str(folder.resolve()), processes, restarts)
                with _stoppable_children():
                    running[folder] = executor.submit(job)
            for folder, job in list(running.items()):
                if job.done():
                    outcome[folder] = _outcome(job, folder)
                    del running[folder]
                    bar.update()
            if running or waiting:
                time.sleep(_POLL)
    except KeyboardInterrupt:
        for job in running.values():
            job.cancel()
        raise
    finally:
        bar.close()
    return outcome


@contextmanager
def _stoppable_children() -> Iterator[None]:
    """Let processes that start in the block be stopped by SIGINT.

    submitit cancels a job by this signal. A shell script lets its background commands
    ignore it, and so would everything that they start.
    """
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _is_elsewhere(folder: Path, known: set[Path]) -> bool:
    """Return whether another process works in a folder, and say so once."""
    held = is_held(folder)
    if held and folder not in known:
        known.add(folder)
        tqdm.write(f'another process is working in {folder}: waiting for it')
    return held


def _outcome(job: Any, folder: Path) -> str:
    """Return a job's outcome; one that died has failed unless its run had finished."""
    error = job.exception()
    if error is None:
        return job.result()
    with (folder / LOG).open('a', encoding='utf-8') as log:
        log.write(f'\n{error}\n')
    return 'finished' if is_finished(folder) else 'failed'
