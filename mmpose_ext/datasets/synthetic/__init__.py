"""Embedded data: articulated figures, drawn with numpy and OpenCV."""

from .coco_writer import write_coco
from .dataset import SyntheticPoseDataset
from .figures import SyntheticFigures
from .landmarks import CONVENTIONS, LANDMARKS
from .scene import Person, Scene

__all__ = [
    'CONVENTIONS',
    'LANDMARKS',
    'Person',
    'Scene',
    'SyntheticFigures',
    'SyntheticPoseDataset',
    'write_coco',
]
