"""Necks, one paper per file."""

from .daunet_decoder import DAUNetDecoder

__all__ = ['DAUNetDecoder']
