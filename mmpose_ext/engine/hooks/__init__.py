"""Hooks, one per file."""

from .val_before_train import ValBeforeTrainHook

__all__ = ['ValBeforeTrainHook']
