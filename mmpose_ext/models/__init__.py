"""Layers, backbones, necks, heads and losses of the five papers."""

from . import backbones, layers

__all__ = ['backbones', 'layers']
