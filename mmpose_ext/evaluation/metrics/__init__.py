"""Metrics that MMPose lacks."""

from .pckh import PCKhAccuracy
from .torso_pck import TorsoPCKAccuracy

__all__ = ['PCKhAccuracy', 'TorsoPCKAccuracy']
