"""Train as the network is tested: with fixed statistics of the norm layers."""

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch.nn.modules.batchnorm import _BatchNorm

from ...utils.checks import check_numbers


@HOOKS.register_module()
class FreezeNormStatsHook(Hook):
    """Keep the statistics of batch norm from some epoch on.

    In batches of a few images the statistics of a coarse map, such as 4 x 4 cells,
    are mostly those of one person; what the network learns from them does not hold
    for the averages that it is tested with. With the statistics fixed, training and
    testing compute the same. Weight and bias of the layers go on learning. MMPose's
    ``norm_eval`` does this in a backbone alone, and from the start.

    Args:
        begin (int): First epoch with fixed statistics, from 0.

    Raises:
        ConfigError: If ``begin`` is negative.
    """

    def __init__(self, begin: int) -> None:
        check_numbers(self, least=0, begin=begin)
        self.begin = begin

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Fix them; MMEngine unfreezes them at the start of each epoch."""
        if batch_idx or runner.epoch < self.begin:
            return
        for module in runner.model.modules():
            if isinstance(module, _BatchNorm):
                module.eval()
