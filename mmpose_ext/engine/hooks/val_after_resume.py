"""Repeats the validation that a stop may have cut off."""

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class ValAfterResumeHook(Hook):
    """Validate first if a run resumes where a validation was due.

    A checkpoint is saved at the end of an epoch, before its validation. A run that
    was killed in between would never validate that epoch and could miss its best
    checkpoint. A validation that had finished is repeated, with the same scores.
    """

    # After CheckpointHook has found its folder.
    priority = 'LOWEST'

    def before_train(self, runner: Runner) -> None:
        """Validate if the last finished epoch asks for it."""
        loop, epoch = runner.train_loop, runner.epoch
        if not epoch or runner.val_loop is None or epoch < loop.val_begin:
            return
        finished = runner.iter == epoch * len(loop.dataloader)
        due = epoch % loop.val_interval == 0 or epoch == runner.max_epochs
        if finished and due:
            runner.val_loop.run()
