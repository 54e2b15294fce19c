"""Visualizers beyond MMPose's."""

from .safe_names import SafeNamePoseVisualizer, safe_metric_name

__all__ = ['SafeNamePoseVisualizer', 'safe_metric_name']
