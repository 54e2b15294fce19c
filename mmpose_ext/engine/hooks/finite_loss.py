"""Hook that stops a training whose loss or weights are not finite."""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

from ...utils.errors import ConfigError, UserError

_ADVICE = 'check the labels with tools/misc/check_dataset.py and the learning rate'


class DivergedError(UserError):
    """A loss or a weight is nan or infinite."""


@HOOKS.register_module()
class FiniteLossHook(Hook):
    """Stop at a loss that is nan or infinite, and never save such weights.

    MMDetection's ``CheckInvalidLossHook`` only asserts that the sum is finite. This
    hook names the iteration, the losses and the last good checkpoint. It reads the
    numbers that MMEngine's ``RuntimeInfoHook`` has already copied to the host in each
    iteration, so it adds no device synchronization. Weights are checked before each
    checkpoint is written, including averaged weights and the "best" checkpoint, since
    a step can spoil them after a finite loss.

    Args:
        interval (int): Number of iterations between checks of the losses. Default: 1.

    Raises:
        ConfigError: If ``interval`` is not positive.
        DivergedError: During training, at the first loss or checkpoint that is not
            finite.

    Example:
        In a config::

            custom_hooks = [dict(type='FiniteLossHook', interval=1)]

        >>> hook = HOOKS.build(dict(type='FiniteLossHook'))
        >>> hook.before_save_checkpoint(None, dict(state_dict=dict(w=torch.ones(1))))
    """

    # Right after RuntimeInfoHook (VERY_HIGH), before the others use the step.
    priority = 'HIGH'

    def __init__(self, interval: int = 1) -> None:
        if not isinstance(interval, int) or interval < 1:
            raise ConfigError(
                self,
                'interval',
                interval,
                'must be a positive integer',
                'set 1 to check each iteration',
            )
        self.interval = interval
        self._infinite_by_design: frozenset[str] = frozenset()

    def before_train(self, runner: Runner) -> None:
        """Note tensors that contain infinities from the start, such as masks."""
        state = runner.model.state_dict()
        names = {name.removeprefix('module.') for name in _not_finite(state)}
        self._infinite_by_design = frozenset(names)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict | None = None,
    ) -> None:
        """Check the losses of this iteration."""
        if not self.every_n_train_iters(runner, self.interval):
            return
        losses = {
            name: _on_host(runner, name, value)
            for name, value in (outputs or {}).items()
            if 'loss' in name
        }
        bad = {name: v for name, v in losses.items() if not math.isfinite(v)}
        if bad:
            # Name the sum only if all its parts are finite.
            parts = {k: v for k, v in bad.items() if k != 'loss'} or bad
            named = ', '.join(f'{name} is {value}' for name, value in parts.items())
            self._stop(runner, named)

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Refuse to save weights that are not finite."""
        for key in ('state_dict', 'ema_state_dict'):
            bad = [
                name
                for name in _not_finite(checkpoint.get(key, {}))
                if name.removeprefix('module.') not in self._infinite_by_design
            ]
            if bad:
                more = f' and {len(bad) - 1} more' if len(bad) > 1 else ''
                self._stop(runner, f'{bad[0]}{more} of {key} is nan or infinite')

    @staticmethod
    def _stop(runner: Runner, reason: str) -> None:
        last = _last_checkpoint(runner)
        raise DivergedError(
            f'training stopped at iteration {runner.iter + 1} (epoch '
            f'{runner.epoch + 1}): {reason}; last good checkpoint: '
            f'{last or "none yet"}',
            _ADVICE + (', then continue with --resume' if last else ''),
        )


def _last_checkpoint(runner: Runner) -> str | None:
    """Find the newest checkpoint on disk; the log may name one that was not written."""
    last = runner.message_hub.get_info('last_ckpt')
    if last and os.path.exists(last):
        return last
    folder = Path(last).parent if last else Path(runner.work_dir)
    files = [f for f in folder.glob('*.pth') if not f.name.startswith('best_')]
    return str(max(files, key=lambda f: f.stat().st_mtime)) if files else None


def _on_host(runner: Runner, name: str, value: Any) -> float:
    """Return a value of this iteration, from the log if it is already on the host."""
    logged = runner.message_hub.log_scalars.get(f'train/{name}')
    return logged.current() if logged is not None else float(value)


def _not_finite(state: dict[str, Any]) -> Iterator[str]:
    for name, value in state.items():
        if (
            isinstance(value, Tensor)
            and value.is_floating_point()
            and not torch.isfinite(value).all()
        ):
            yield name
