"""Visualizers that MMPose lacks."""

from .safe_names import SafeNamePoseVisualizer, safe_metric_name

__all__ = ['SafeNamePoseVisualizer', 'safe_metric_name']
