"""Data sets, registered with MMPose when this package is imported."""

from .body import *  # noqa: F403
from .lean_dataset import LeanDataset as LeanDataset
from .packed_dataset import OriginalUnits as OriginalUnits
from .packed_dataset import PackedPoseDataset as PackedPoseDataset
from .samplers import *  # noqa: F403
from .stacked_collate import stacked_collate as stacked_collate
from .synthetic import *  # noqa: F403
from .transforms import *  # noqa: F403
