"""Data sets of synthetic figures: a registered class, and the official layouts."""

from .coco_writer import write_coco_dataset
from .dataset import SyntheticPoseDataset

__all__ = ['SyntheticPoseDataset', 'write_coco_dataset']
