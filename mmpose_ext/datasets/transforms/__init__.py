"""Pipeline transforms that MMPose does not have."""

from .canvas_affine import CanvasRandomAffine
from .canvas_flip import CanvasRandomFlip
from .hsv import RandomHSVGain
from .loading import LoadCheckedImage
from .topdown_pyramid import TopdownPyramid

__all__ = [
    'CanvasRandomAffine',
    'CanvasRandomFlip',
    'LoadCheckedImage',
    'RandomHSVGain',
    'TopdownPyramid',
]
