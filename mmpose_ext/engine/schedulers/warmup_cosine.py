"""Cosine schedule by epochs, with a warm-up in which bias learning rates start high."""

import math
from typing import Any

from mmengine.optim.scheduler import _ParamScheduler
from mmpose.registry import PARAM_SCHEDULERS

from ...utils import ConfigError
from ...utils.checks import check_numbers


@PARAM_SCHEDULERS.register_module()
class WarmupCosineLR(_ParamScheduler):
    r"""The learning rate of the published YOLO-Pose.

    With epochs e = 0, 1, ... of E and the floor f, the rate of epoch e is

    .. math::
        \eta_e = \eta \left(f + (1 - f) \frac{1 + \cos(\pi e / E)}{2}\right)

    In the iterations i = 0 ... T - 1 of the warm-up the rate is
    :math:`\eta_s + (\eta_e - \eta_s)\, i / T`, where :math:`\eta_s` is ``bias_start``
    for biases and 0 for other parameters. MMEngine's warm-up scales all rates by the
    same factor, and its cosine is a recursion that another scheduler disturbs, so this
    class computes both in closed form. The paper says "SGD" and "Cosine Annealing"
    without giving numbers.

    Args:
        optimizer: Optimizer whose groups have ``is_bias``, see
            :class:`.BiasGroupsConstructor`; a group without it is warmed up from 0.
        epoch_length (int): Iterations per epoch, filled in by MMEngine.
        warmup_epochs (float): Length of the warm-up. Default: 3.
        min_warmup_iters (int): Minimum length of the warm-up in iterations. Default: 0.
        bias_start (float): Learning rate from which biases start. Default: 0.1.
        floor (float): The floor f. Default: 0.2.
        begin, end, last_step, by_epoch, verbose: Arguments of MMEngine's schedulers;
            ``end`` is E. The config needs ``by_epoch=True,
            convert_to_iter_based=True``.

    Raises:
        ConfigError: If a number is out of range, or the scheduler is not converted
            to iterations.
    """

    def __init__(
        self,
        optimizer: Any,
        epoch_length: int | None = None,
        warmup_epochs: float = 3.0,
        min_warmup_iters: int = 0,
        bias_start: float = 0.1,
        floor: float = 0.2,
        **kwargs: Any,
    ) -> None:
        if epoch_length is None:
            raise ConfigError(
                self,
                'epoch_length',
                epoch_length,
                'is not known',
                'set by_epoch=True and convert_to_iter_based=True',
            )
        check_numbers(
            self,
            least=0,
            warmup_epochs=warmup_epochs,
            min_warmup_iters=min_warmup_iters,
            bias_start=bias_start,
        )
        check_numbers(self, least=0, most=1, floor=floor)
        self.epoch_length = epoch_length
        self.warmup_iters = max(round(warmup_epochs * epoch_length), min_warmup_iters)
        self.bias_start = bias_start
        self.floor = floor
        super().__init__(optimizer, param_name='lr', **kwargs)

    @classmethod
    def build_iter_from_epoch(
        cls,
        optimizer: Any,
        *,
        epoch_length: int,
        begin: int = 0,
        end: int,
        by_epoch: bool = True,
        **kwargs: Any,
    ) -> 'WarmupCosineLR':
        """Build from a config in epochs, as MMEngine does to step by iterations.

        Args:
            optimizer (Any): See the class.
            epoch_length (int): Iterations per epoch.
            begin (int): First epoch.
            end (int): The epoch after the last.
            by_epoch (bool): True.
            **kwargs: The other arguments.

        Returns:
            WarmupCosineLR: The scheduler, which steps by iterations.
        """
        return cls(
            optimizer,
            epoch_length=epoch_length,
            begin=int(begin * epoch_length),
            end=int(end * epoch_length),
            by_epoch=False,
            **kwargs,
        )

    def _get_value(self) -> list[float]:
        """Compute the rate of each group at ``last_step``."""
        epoch = self.last_step // self.epoch_length
        epochs = (self.end - self.begin) / self.epoch_length
        cosine = (1 + math.cos(math.pi * epoch / epochs)) / 2
        factor = self.floor + (1 - self.floor) * cosine
        done = min(1.0, self.last_step / self.warmup_iters) if self.warmup_iters else 1
        values = []
        for base, group in zip(
            self.base_values, self.optimizer.param_groups, strict=True
        ):
            start = self.bias_start if group.get('is_bias') else 0.0
            values.append(start + (base * factor - start) * done)
        return values
