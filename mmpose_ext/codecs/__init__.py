"""Codecs, one mechanism per file."""

from .batch_heatmap import BatchMSRAHeatmap, BatchUDPHeatmap
from .second_max_heatmap import SecondMaxHeatmap

__all__ = ['BatchMSRAHeatmap', 'BatchUDPHeatmap', 'SecondMaxHeatmap']
