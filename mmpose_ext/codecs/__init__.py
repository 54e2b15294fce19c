"""Codecs, one per file."""

from .second_max_heatmap import SecondMaxHeatmap

__all__ = ['SecondMaxHeatmap']
