"""Hook that warns if the batch size does not match the learning rate."""

from mmengine.dist import get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class BatchSizeCheckHook(Hook):
    """Compare the total batch with ``auto_scale_lr.base_batch_size`` at the start.

    The total is the batch of one process, times the number of processes, times the
    number of batches whose gradients are accumulated. If it differs from the batch
    that the config's learning rate is meant for, one line is logged with both
    numbers, the factor between them, and how to apply it. The hook changes nothing,
    and is silent if ``--auto-scale-lr`` is on or the config gives no base.
    """

    def before_train(self, runner: Runner) -> None:
        """Log the warning."""
        scaling = runner.auto_scale_lr or {}
        base = scaling.get('base_batch_size')
        if not base or scaling.get('enable'):
            return
        loader = runner.train_dataloader
        batch = getattr(loader.batch_sampler, 'batch_size', loader.batch_size)
        processes = get_world_size()
        accumulated = getattr(runner.optim_wrapper, '_accumulative_counts', 1)
        total = batch * processes * accumulated
        if total == base:
            return
        # MMEngine's scaling ignores accumulation.
        fix = (
            f'--auto-scale-lr multiplies the rate by {total / base:g}'
            if accumulated == 1
            else f'multiply optim_wrapper.optimizer.lr by {total / base:g}'
        )
        runner.logger.warning(
            f'The learning rate is for a total batch of {base}, but this run trains '
            f'with {total} ({batch} on each of {processes} processes'
            f'{f", {accumulated} steps accumulated" if accumulated > 1 else ""}); {fix}'
        )
