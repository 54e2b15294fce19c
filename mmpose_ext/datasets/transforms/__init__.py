"""Pipeline transforms that MMPose does not have."""

from .loading import LoadCheckedImage

__all__ = ['LoadCheckedImage']
