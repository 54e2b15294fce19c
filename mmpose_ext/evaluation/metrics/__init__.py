"""Metrics that MMPose lacks."""

from .coco_curve_metric import CocoCurveMetric
from .mpii_submission import MpiiSubmission
from .pckh import PCKhAccuracy
from .torso_pck import TorsoPCKAccuracy

__all__ = [
    'CocoCurveMetric',
    'MpiiSubmission',
    'PCKhAccuracy',
    'TorsoPCKAccuracy',
]
