"""Metrics that MMPose lacks."""

from .coco_curves import CocoCurveMetric
from .mpii_submission import MpiiSubmission
from .pckh import PCKhAccuracy
from .torso_pck import TorsoPCKAccuracy

__all__ = [
    'CocoCurveMetric',
    'MpiiSubmission',
    'PCKhAccuracy',
    'TorsoPCKAccuracy',
]
