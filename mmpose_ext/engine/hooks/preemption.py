"""Hook that saves a checkpoint and stops when the job scheduler asks for it."""

import os
import signal
import threading
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any

import torch
from mmengine.device import get_device
from mmengine.dist import all_reduce, barrier, is_distributed
from mmengine.hooks import EMAHook, Hook
from mmengine.runner import EpochBasedTrainLoop, Runner
from mmpose.registry import HOOKS
from torch.utils.data import DataLoader

from ...utils.checks import check_ints, check_names
from ...utils.errors import ConfigError
from .safe_checkpoint import SafeCheckpointHook

# EX_TEMPFAIL of sysexits.h: "temporary failure, the user is invited to retry". 0 would
# mean that the training is finished, 128 + 15 that it was killed without saving.
EXIT_STATUS = 75


@HOOKS.register_module()
class PreemptionHook(Hook):
    """On SIGTERM or SIGUSR1, finish the step, save a checkpoint and exit.

    Slurm sends these signals before a time limit (``--signal=USR1@120``) or a
    preemption, and cloud providers send them before they reclaim a spot machine.
    ``--resume`` continues with the batch after the last one trained; an interrupted
    validation is repeated. The processes of a distributed run agree on the step at
    which to stop, and always check at the end of an epoch.

    The handlers are installed for the training and restored afterwards. Loader workers
    ignore these signals, which schedulers send to all processes: without its workers,
    the training could not finish the step.

    Args:
        signals (Sequence[str]): Names of the signals. Default:
            ``('SIGTERM', 'SIGUSR1')``.
        exit_status (int): Exit status of the process, 1 to 125. Default: 75.
        interval (int): Number of iterations between agreements in distributed runs;
            each agreement waits for the device. Default: 10.

    Raises:
        ConfigError: If an argument is out of range, or if the run has no
            :class:`.SafeCheckpointHook`.
        SystemExit: With ``exit_status``, after the checkpoint is written.

    Example:
        >>> hook = HOOKS.build(dict(type='PreemptionHook', signals=('SIGUSR1',)))
        >>> [number.name for number in hook.signals], hook.exit_status
        (['SIGUSR1'], 75)
    """

    # After all hooks of a step or an epoch, so that the state is complete.
    priority = 'LOWEST'

    def __init__(
        self,
        signals: Sequence[str] = ('SIGTERM', 'SIGUSR1'),
        exit_status: int = EXIT_STATUS,
        interval: int = 10,
    ) -> None:
        check_names(self, signals=signals)
        if any(name not in signal.Signals.__members__ for name in signals):
            raise ConfigError(
                self, 'signals', signals, 'must be names of signals', "as ('SIGTERM',)"
            )
        check_ints(self, least=1, most=125, exit_status=exit_status)
        check_ints(self, least=1, interval=interval)
        self.signals = tuple(signal.Signals[name] for name in signals)
        self.exit_status = exit_status
        self.interval = interval
        self.received: signal.Signals | None = None
        self._previous: dict[signal.Signals, Any] = {}

    def before_train(self, runner: Runner) -> None:
        """Install the handlers."""
        self._checkpoint_hook(runner)
        # Python lets only the main thread install handlers.
        if threading.current_thread() is not threading.main_thread():
            runner.logger.warning('not in the main thread: signals do not save')
            return
        handler = partial(_handle, weakref.ref(self), os.getpid())
        for number in self.signals:
            self._previous[number] = signal.signal(number, handler)

    def before_train_epoch(self, runner: Runner) -> None:
        """Shield the loader's workers, which start after this, from the signals."""
        _shield_workers(runner.train_loop.dataloader, self.signals)

    def before_val_epoch(self, runner: Runner) -> None:
        """Shield the workers of the validation from the signals."""
        if self._previous:
            _shield_workers(runner.val_loop.dataloader, self.signals)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict | None = None,
    ) -> None:
        """Stop inside an epoch."""
        loop = runner.train_loop
        by_epoch = isinstance(loop, EpochBasedTrainLoop)
        if by_epoch and batch_idx + 1 == len(loop.dataloader):
            return  # after_train_epoch follows at once
        # A checkpoint does not contain accumulated gradients.
        stepped = getattr(runner.optim_wrapper, 'should_update', lambda: True)()
        if stepped and self._agreed(runner.iter):
            self._stop(runner, None)

    def after_train_epoch(self, runner: Runner) -> None:
        """Stop at the end of an epoch, before its validation."""
        if isinstance(runner.train_loop, EpochBasedTrainLoop) and self._agreed():
            self._stop(runner, runner.epoch + 1)

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: Sequence | None = None,
    ) -> None:
        """Stop inside a validation, which is repeated after the resume."""
        if not self._previous or is_distributed() or not self.received:
            return
        for hook in runner.hooks:
            if isinstance(hook, EMAHook):
                hook.after_val_epoch(runner)  # restores the training weights
        self._stop(runner, runner.epoch)

    def after_val_epoch(
        self, runner: Runner, metrics: dict[str, float] | None = None
    ) -> None:
        """Stop after a validation."""
        if self._previous and self._agreed():
            self._stop(runner, runner.epoch)

    def after_train(self, runner: Runner) -> None:
        """Restore the handlers."""
        self._restore()

    def _agreed(self, iteration: int | None = None) -> bool:
        """Check whether any process of the run has received a signal."""
        if not is_distributed():
            return self.received is not None
        if iteration is not None and (iteration + 1) % self.interval:
            return False
        flag = torch.tensor(float(self.received is not None), device=get_device())
        all_reduce(flag, op='max')
        return bool(flag)

    def _stop(self, runner: Runner, epochs: int | None) -> None:
        path = self._checkpoint_hook(runner).save_interrupted(runner, epochs)
        barrier()
        self._restore()
        name = self.received.name if self.received else 'a signal to another process'
        runner.logger.info(
            f'{name}: saved {path}, stopping with exit status {self.exit_status}; '
            'continue with --resume'
        )
        raise SystemExit(self.exit_status)

    def _restore(self) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._previous.clear()

    def _checkpoint_hook(self, runner: Runner) -> SafeCheckpointHook:
        for hook in runner.hooks:
            if isinstance(hook, SafeCheckpointHook):
                return hook
        raise ConfigError(
            self,
            'default_hooks.checkpoint.type',
            'CheckpointHook',
            'cannot save inside an epoch',
            "set it to 'SafeCheckpointHook', or leave PreemptionHook out",
        )


def _handle(
    owner: Callable[[], PreemptionHook | None],
    pid: int,
    number: int,
    frame: FrameType | None,
) -> None:
    """Note the signal, or apply its default action outside of the training."""
    hook = owner()
    if hook is not None and os.getpid() == pid:
        hook.received = signal.Signals(number)
        return
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _shield_workers(loader: DataLoader, signals: tuple[signal.Signals, ...]) -> None:
    init = loader.worker_init_fn
    if getattr(init, 'func', None) is not _start_shielded and loader.num_workers:
        loader.worker_init_fn = partial(_start_shielded, init, signals)


def _start_shielded(
    init: Callable[[int], None] | None,
    signals: tuple[signal.Signals, ...],
    worker: int,
) -> None:
    """Start a loader worker that obeys these signals only from its parent."""
    if hasattr(signal, 'sigwaitinfo'):
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        threading.Thread(target=_obey_parent, args=(signals,), daemon=True).start()
    if init is not None:
        init(worker)


def _obey_parent(signals: tuple[signal.Signals, ...]) -> None:
    # Like torch's own handler of SIGTERM, which it installs in each worker.
    while signal.sigwaitinfo(signals).si_pid != os.getppid():
        pass
    os._exit(0)
