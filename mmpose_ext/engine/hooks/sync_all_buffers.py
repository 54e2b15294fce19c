"""Hook that averages norm statistics over processes, including averaged models."""

from mmengine.dist import all_reduce_params
from mmengine.hooks import EMAHook, SyncBuffersHook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class SyncAllBuffersHook(SyncBuffersHook):
    """MMEngine's hook, extended to the buffers of an EMA model.

    Each process of a distributed run sees different images, so the running statistics
    of its norm layers differ. At the end of each epoch MMEngine averages those of the
    model, but not those of the :class:`mmengine.hooks.EMAHook`, which are validated
    and saved. MMPose's ``SyncNormHook`` averages neither: it passes the None that
    ``all_reduce_dict`` returns to the model and logs the exception as a warning.
    """

    # Before CheckpointHook. EMAHook (NORMAL) swaps the models only for validation.
    priority = 'NORMAL'

    def after_train_epoch(self, runner: Runner) -> None:
        """Average the buffers over the processes."""
        super().after_train_epoch(runner)
        if not self.distributed:
            return
        for hook in runner.hooks:
            if isinstance(hook, EMAHook):
                all_reduce_params(hook.ema_model.module.buffers(), op='mean')
