"""Layers, backbones, necks, heads and losses of the five papers."""

from . import (
    backbones,
    heads,
    initializers,
    layers,
    losses,
    necks,
    task_modules,
    tta,
)

__all__ = [
    'backbones',
    'heads',
    'initializers',
    'layers',
    'losses',
    'necks',
    'task_modules',
    'tta',
]
