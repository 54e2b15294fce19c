"""Hooks, one per file."""

from .batch_size import BatchSizeCheckHook
from .channels_last import ChannelsLastHook
from .finite_loss import DivergedError, FiniteLossHook
from .freeze_norm import FreezeNormStatsHook
from .keep_memory import KeepMemoryHook
from .outputs_val import OutputsValHook
from .preemption import PreemptionHook
from .reproducible_data import ReproducibleDataHook
from .safe_checkpoint import SafeCheckpointHook
from .sync_all_buffers import SyncAllBuffersHook
from .val_after_resume import ValAfterResumeHook
from .val_before_train import ValBeforeTrainHook
from .visualization import PaintedVisualizationHook

__all__ = [
    'BatchSizeCheckHook',
    'ChannelsLastHook',
    'DivergedError',
    'FiniteLossHook',
    'FreezeNormStatsHook',
    'KeepMemoryHook',
    'OutputsValHook',
    'PaintedVisualizationHook',
    'PreemptionHook',
    'ReproducibleDataHook',
    'SafeCheckpointHook',
    'SyncAllBuffersHook',
    'ValAfterResumeHook',
    'ValBeforeTrainHook',
]
