"""Metrics that MMPose lacks."""

from .torso_pck import TorsoPCKAccuracy

__all__ = ['TorsoPCKAccuracy']
