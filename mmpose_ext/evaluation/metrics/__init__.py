"""Metrics that MMPose lacks."""

from .mpii_submission import MpiiSubmission
from .pckh import PCKhAccuracy
from .torso_pck import TorsoPCKAccuracy

__all__ = ['MpiiSubmission', 'PCKhAccuracy', 'TorsoPCKAccuracy']
