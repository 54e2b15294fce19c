"""Hook that validates additional outputs of a head."""

from collections.abc import Sequence

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from ...utils import ConfigError, choose_from
from ...utils.checks import check_names


@HOOKS.register_module()
class OutputsValHook(Hook):
    """Score additional outputs of a head with the run's own loader and evaluator.

    After each validation it runs another one for every output listed, with the head's
    ``test_output`` set to it. The scores are added as ``OUTPUT/METRIC``, so they are
    logged and recorded with the others. Each output costs one more validation.

    Args:
        outputs (Sequence[str]): Names from the head's ``outputs``. Default:
            ``('h2',)``.

    Raises:
        ConfigError: At the start of the run, if the head does not have an output.
    """

    # Before RuntimeInfoHook, which hands the scores to the log.
    priority = 'HIGHEST'

    def __init__(self, outputs: Sequence[str] = ('h2',)) -> None:
        check_names(self, outputs=outputs)
        self.outputs = tuple(outputs)

    def before_run(self, runner: Runner) -> None:
        """Check the names before the run starts."""
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
