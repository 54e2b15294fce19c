"""Hooks, one per file."""

from .outputs_val import OutputsValHook
from .val_before_train import ValBeforeTrainHook

__all__ = ['OutputsValHook', 'ValBeforeTrainHook']
