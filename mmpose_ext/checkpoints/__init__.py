"""Readers of weights that other code has published."""

from .yolopose import ConvertedWeights, convert_yolopose, read_published_state

__all__ = ['ConvertedWeights', 'convert_yolopose', 'read_published_state']
