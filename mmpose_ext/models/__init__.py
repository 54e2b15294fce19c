"""Layers, backbones, necks, heads and losses of the papers."""

from . import (
    backbones,
    data_preprocessors,
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
    'data_preprocessors',
    'heads',
    'initializers',
    'layers',
    'losses',
    'necks',
    'task_modules',
    'tta',
]
