"""Assigners, one per file."""

from .anchor_assigner import AnchorRatioAssigner, LevelAssignment

__all__ = ['AnchorRatioAssigner', 'LevelAssignment']
