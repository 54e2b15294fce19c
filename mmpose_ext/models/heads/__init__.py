"""Heads, one per file or folder."""

from .dasp_head import DASPHead
from .float32_heatmap_head import Float32HeatmapHead
from .sadi_head import SADIHead
from .yolopose import YOLOPoseHead, YOLOPoseHeadModule

__all__ = [
    'DASPHead',
    'Float32HeatmapHead',
    'SADIHead',
    'YOLOPoseHead',
    'YOLOPoseHeadModule',
]
