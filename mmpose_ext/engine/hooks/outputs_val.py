"""Validates a head's other outputs beside the one that testing decodes."""

from collections.abc import Sequence

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from ...utils import ConfigError, choose_from


@HOOKS.register_module()
class OutputsValHook(Hook):
    """Score more outputs of a head with the run's own loader and evaluator.

    After each validation it runs one more for every output named, with the head's
    ``test_output`` set to it, and adds the scores as ``OUTPUT/METRIC``, so that they
    are logged and recorded with the others. It costs one validation an output.

    Args:
        outputs (Sequence[str]): Of the head's ``outputs``. Default: ``('h2',)``.

    Raises:
        ValueError: When the run starts, if the head has no such output.
    """

    # Before RuntimeInfoHook, which hands the scores to the log.
    priority = 'HIGHEST'

    def __init__(self, outputs: Sequence[str] = ('h2',)) -> None:
        self.outputs = tuple(outputs)

    def before_run(self, runner: Runner) -> None:
        """Check the names before any work."""
        head = self._head(runner)
        known = getattr(head, 'outputs', ())
        for name in self.outputs:
            if name not in known:
                raise ConfigError(
                    self,
                    'outputs',
                    self.outputs,
                    f'has an output that {type(head).__name__} does not have',
                    f'{choose_from(known, name)}, or leave the hook out',
                )

    def after_val_epoch(
        self, runner: Runner, metrics: dict[str, float] | None = None
    ) -> None:
        """Add the other outputs' scores to ``metrics``."""
        if metrics is None:
            return
        head = self._head(runner)
        before = head.test_output
        try:
            for name in self.outputs:
                head.test_output = name
                scores = self._validate(runner)
                metrics.update({f'{name}/{key}': v for key, v in scores.items()})
        finally:
            head.test_output = before

    @staticmethod
    @torch.no_grad()
    def _validate(runner: Runner) -> dict[str, float]:
        loop = runner.val_loop
        runner.model.eval()
        for batch in loop.dataloader:
            samples = runner.model.val_step(batch)
            loop.evaluator.process(data_samples=samples, data_batch=batch)
        return loop.evaluator.evaluate(len(loop.dataloader.dataset))

    @staticmethod
    def _head(runner: Runner) -> torch.nn.Module:
        model = runner.model
        return (model.module if is_model_wrapper(model) else model).head
