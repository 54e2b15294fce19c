"""Metrics beyond MMPose's."""

from .coco_curve_metric import CocoCurveMetric
from .coco_person_metric import CocoPersonMetric
from .fast_coco_metric import FastCocoMetric
from .mpii_submission_metric import MpiiSubmission
from .pckh import PCKhAccuracy
from .torso_pck import TorsoPCKAccuracy

__all__ = [
    'CocoCurveMetric',
    'CocoPersonMetric',
    'FastCocoMetric',
    'MpiiSubmission',
    'PCKhAccuracy',
    'TorsoPCKAccuracy',
]
