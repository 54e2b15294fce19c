"""Hook that gives a resumed run the same samples as an uninterrupted one."""

from typing import Any

from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop, Runner
from mmpose.registry import HOOKS

from ..data import EpochSampler, SeededDataset, seed_all, seeded_loader

# Keeps the random numbers of the training process apart from those of samples.
_PROCESS = 0


@HOOKS.register_module()
class ReproducibleDataHook(Hook):
    """Make all random numbers of a training depend on the seed and the iteration.

    Each sample is seeded by the run's seed, the epoch and its index, so neither the
    number of workers nor an interruption changes it. The training process, whose
    random numbers dropout uses, is seeded before each iteration. A run that resumes
    inside an epoch continues with the batch after the last one trained. On the CPU, a
    resumed run is bitwise identical to an uninterrupted one.

    MMEngine restores weights, optimizer, schedulers and its log, but not the random
    generators, and builds the sampler before it knows the seed of the checkpoint.
    """

    # After hooks that replace the loader, such as MMPose's YOLOXPoseModeSwitchHook.
    priority = 'LOW'

    def __init__(self) -> None:
        self._done = 0

    def before_train(self, runner: Runner) -> None:
        """Determine how many batches of the epoch have been trained."""
        loop = runner.train_loop
        if not isinstance(loop, EpochBasedTrainLoop):
            return
        length = len(loop.dataloader)
        self._done = runner.iter - runner.epoch * length
        if not 0 <= self._done <= length:
            runner.logger.warning(
                f'the checkpoint was saved at iteration {runner.iter} with epochs of '
                f'another length than {length}: epoch {runner.epoch + 1} starts at its '
                'first batch'
            )
            self._done = 0
        elif self._done:
            runner.logger.info(
                f'epoch {runner.epoch + 1} continues after batch {self._done} of '
                f'{length}'
            )

    def before_train_epoch(self, runner: Runner) -> None:
        """Seed the loader, and make it skip the batches that have been trained."""
        loop = runner.train_loop
        if not isinstance(loop, EpochBasedTrainLoop):
            return
        loader = loop.dataloader
        if not isinstance(loader.dataset, SeededDataset):
            if loader.batch_size is None:
                runner.logger.warning(
                    'custom batch sampler: samples are not seeded by epoch and index, '
                    'so a resumed run sees others'
                )
                return
            loader = loop.dataloader = seeded_loader(loader, self._seed(runner))
        loader.sampler.set_epoch(runner.epoch)
        loader.sampler.skip, self._done = self._done * loader.batch_size, 0

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Seed the training process for this iteration."""
        seed_all(_PROCESS, runner.seed, runner.iter)

    def after_train_epoch(self, runner: Runner) -> None:
        """Make the next epoch start at its first batch."""
        sampler = runner.train_loop.dataloader.sampler
        if isinstance(sampler, EpochSampler):
            sampler.skip = 0

    @staticmethod
    def _seed(runner: Runner) -> int:
        """The seed that all processes share."""
        differs = runner._randomness_cfg.get('diff_rank_seed', False)
        return runner.seed - (get_rank() if differs else 0)
