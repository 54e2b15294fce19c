"""Heads, one per file or folder."""

from .dasp_head import DASPHead
from .yolopose import YOLOPoseHeadModule

__all__ = ['DASPHead', 'YOLOPoseHeadModule']
