"""Losses and their weights, one mechanism per file."""

from .heatmap_weighting import (
    ConstantWeighting,
    ReversedSigmaWeighting,
    SigmaWeighting,
)

__all__ = ['ConstantWeighting', 'ReversedSigmaWeighting', 'SigmaWeighting']
