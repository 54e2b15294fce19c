"""Layers, backbones, necks, heads and losses of the five papers."""

from . import backbones, heads, initializers, layers, necks

__all__ = ['backbones', 'heads', 'initializers', 'layers', 'necks']
