"""Hook that repeats a validation that may have been interrupted."""

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class ValAfterResumeHook(Hook):
    """Validate first if a run resumes where a validation was due.

    A checkpoint is saved at the end of an epoch, before its validation. Without this
    hook, a run that is killed in between would never validate that epoch and could
    miss its best checkpoint. A validation that was finished is repeated too, with the
    same scores.
    """

    # After CheckpointHook has found its folder.
    priority = 'LOWEST'

    def before_train(self, runner: Runner) -> None:
        """Validate if a validation is due after the last finished epoch."""
        loop, epoch = runner.train_loop, runner.epoch
        if not epoch or runner.val_loop is None or epoch < loop.val_begin:
            return
        finished = runner.iter == epoch * len(loop.dataloader)
        due = epoch % loop.val_interval == 0 or epoch == runner.max_epochs
        if finished and due:
            runner.val_loop.run()
