"""Pipeline transforms that MMPose does not have."""

from .cached_loading import LoadCachedImage
from .canvas_affine import CanvasRandomAffine
from .canvas_flip import CanvasRandomFlip
from .deferred_flip import DeferredRandomFlip, FlipTopdownAffine
from .fast_pack import FastPackPoseInputs
from .hsv import RandomHSVGain
from .lean_inputs import DropImage, PackLeanInputs
from .loading import LoadCheckedImage
from .random_bbox import FastRandomBBoxTransform
from .topdown_pyramid import TopdownPyramid

__all__ = [
    'CanvasRandomAffine',
    'CanvasRandomFlip',
    'DeferredRandomFlip',
    'DropImage',
    'FastPackPoseInputs',
    'FastRandomBBoxTransform',
    'FlipTopdownAffine',
    'LoadCachedImage',
    'LoadCheckedImage',
    'PackLeanInputs',
    'RandomHSVGain',
    'TopdownPyramid',
]
