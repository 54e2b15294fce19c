"""A linear ramp of the momentum with a minimum length in iterations."""

from typing import Any

from mmengine.optim.scheduler import LinearMomentum
from mmpose.registry import PARAM_SCHEDULERS


@PARAM_SCHEDULERS.register_module()
class WarmupMomentum(LinearMomentum):
    """MMEngine's ``LinearMomentum`` over some epochs, but at least some iterations.

    The published YOLO-Pose raises the momentum during the warm-up of its rates, which
    on small data sets takes more than its three epochs; see :class:`.WarmupCosineLR`.

    Args:
        optimizer (Optimizer): The optimizer.
        **kwargs: Arguments of ``LinearMomentum``; ``end`` is the epoch in which the
            ramp ends. The config needs ``by_epoch=True, convert_to_iter_based=True``.
    """

    @classmethod
    def build_iter_from_epoch(
        cls,
        *args: Any,
        begin: int = 0,
        end: int,
        by_epoch: bool = True,
        epoch_length: int,
        min_iters: int = 0,
        **kwargs: Any,
    ) -> 'WarmupMomentum':
        """Build from a config in epochs, as MMEngine does to step by iterations.

        Args:
            *args: Arguments of the class.
            begin (int): First epoch. Default: 0.
            end (int): The epoch after the last.
            by_epoch (bool): True.
            epoch_length (int): Iterations per epoch.
            min_iters (int): Minimum length of the ramp in iterations. Default: 0.
            **kwargs: The other arguments.

        Returns:
            WarmupMomentum: The scheduler, stepped by iterations.
        """
        first = int(begin * epoch_length)
        last = max(int(end * epoch_length), first + min_iters)
        return cls(*args, begin=first, end=last, by_epoch=False, **kwargs)
