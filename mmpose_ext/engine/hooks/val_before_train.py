"""Hook that validates the untrained model, the first point of a learning curve."""

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
        """Validate if nothing has been trained yet and the run has a validation."""
        if runner.iter == 0 and runner.val_loop is not None:
            runner.val_loop.run()
