"""Losses and their weights, one mechanism per file."""

from .ciou_loss import CIoULoss, complete_iou
from .heatmap_weighting import (
    ConstantWeighting,
    ReversedSigmaWeighting,
    SigmaWeighting,
)
from .micro_oks_loss import MicroOKSLoss

__all__ = [
    'CIoULoss',
    'ConstantWeighting',
    'MicroOKSLoss',
    'ReversedSigmaWeighting',
    'SigmaWeighting',
    'complete_iou',
]
