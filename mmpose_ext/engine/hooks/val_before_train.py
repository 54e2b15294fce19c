"""Validates the untrained model, so that a curve has its first point."""

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class ValBeforeTrainHook(Hook):
    """Run one validation before the first epoch.

    The scores are logged and recorded as those of epoch 0. A resumed run, which
    starts later, skips it.
    """

    # After CheckpointHook has found its folder.
    priority = 'LOWEST'

    def before_train(self, runner: Runner) -> None:
        """Validate if nothing was trained yet and the run validates at all."""
        if runner.iter == 0 and runner.val_loop is not None:
            runner.val_loop.run()
