"""Pipeline transforms that MMPose does not have."""

from .canvas_affine import CanvasRandomAffine
from .hsv import RandomHSVGain
from .loading import LoadCheckedImage
from .topdown_pyramid import TopdownPyramid

__all__ = ['CanvasRandomAffine', 'LoadCheckedImage', 'RandomHSVGain', 'TopdownPyramid']
