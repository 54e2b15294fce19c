"""The synthetic figures as data: a registered data set and the official layouts."""

from .coco_writer import write_coco
from .dataset import SyntheticPoseDataset

__all__ = ['SyntheticPoseDataset', 'write_coco']
