"""Hook that fixes the statistics of the norm layers late in training."""

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch.nn.modules.batchnorm import _BatchNorm

from ...utils.checks import check_numbers


@HOOKS.register_module()
class FreezeNormStatsHook(Hook):
    """Fix the statistics of batch norm from a given epoch on.

    In batches of a few images, the statistics of a coarse map, such as 4 x 4 cells,
    are mostly those of one person, and what the network learns with them does not
    transfer to the averages used in testing. With fixed statistics, training and
    testing compute the same function. Weight and bias of the layers are still trained.
    MMPose's ``norm_eval`` does this only in a backbone, and from the start.

    Args:
        begin (int): First epoch with fixed statistics, from 0.

    Raises:
        ConfigError: If ``begin`` is negative.

    Example:
        >>> from types import SimpleNamespace
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
        >>> hook = FreezeNormStatsHook(begin=5)
        >>> hook.before_train_iter(SimpleNamespace(model=model, epoch=5), batch_idx=0)
        >>> model[0].training, model[1].training
        (True, False)
    """

    def __init__(self, begin: int) -> None:
        check_numbers(self, least=0, begin=begin)
        self.begin = begin

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Fix the statistics, since MMEngine unfreezes them in each epoch."""
        if batch_idx or runner.epoch < self.begin:
            return
        for module in runner.model.modules():
            if isinstance(module, _BatchNorm):
                module.eval()
