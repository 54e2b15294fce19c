"""The one-stage head of YOLO-Pose and LRFG-YOLOPose."""

from .head import YOLOPoseHead
from .head_module import YOLOPoseHeadModule

__all__ = ['YOLOPoseHead', 'YOLOPoseHeadModule']
