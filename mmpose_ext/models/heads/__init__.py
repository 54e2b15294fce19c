"""Heads, one per file."""

from .dasp_head import DASPHead

__all__ = ['DASPHead']
