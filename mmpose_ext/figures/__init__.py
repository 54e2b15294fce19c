"""A renderer of articulated figures with exact annotations.

It knows nothing of MMPose; :mod:`mmpose_ext.datasets.synthetic` makes data sets of it.
"""

from .generator import SyntheticFigures
from .landmarks import LANDMARKS
from .scene import Person, Scene

__all__ = ['LANDMARKS', 'Person', 'Scene', 'SyntheticFigures']
