"""Mechanisms shared by the papers, one per file."""

from .build import build_attention
from .coord_attention import CoordAttention
from .identity import Identity

__all__ = ['CoordAttention', 'Identity', 'build_attention']
