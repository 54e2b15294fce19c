"""Hooks, one per file."""

from .freeze_norm import FreezeNormStatsHook
from .outputs_val import OutputsValHook
from .val_before_train import ValBeforeTrainHook

__all__ = ['FreezeNormStatsHook', 'OutputsValHook', 'ValBeforeTrainHook']
