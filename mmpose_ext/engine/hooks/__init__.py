"""Hooks, one per file."""

from .batch_size import BatchSizeCheckHook
from .freeze_norm import FreezeNormStatsHook
from .outputs_val import OutputsValHook
from .val_before_train import ValBeforeTrainHook
from .visualization import PaintedVisualizationHook

__all__ = [
    'BatchSizeCheckHook',
    'FreezeNormStatsHook',
    'OutputsValHook',
    'PaintedVisualizationHook',
    'ValBeforeTrainHook',
]
