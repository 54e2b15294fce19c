"""Heads, one per file or folder."""

from .dasp_head import DASPHead
from .sadi_head import SADIHead
from .yolopose import YOLOPoseHead, YOLOPoseHeadModule

__all__ = [
    'DASPHead',
    'SADIHead',
    'YOLOPoseHead',
    'YOLOPoseHeadModule',
]
