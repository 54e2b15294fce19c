"""A renderer of articulated figures with exact annotations.

It does not depend on MMPose; :mod:`mmpose_ext.datasets.synthetic` turns it into data
sets.
"""

from .generator import SyntheticFigures
from .landmarks import LANDMARKS
from .scene import Person, Scene

__all__ = ['LANDMARKS', 'Person', 'Scene', 'SyntheticFigures']
