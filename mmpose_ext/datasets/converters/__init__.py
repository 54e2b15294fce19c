"""Readers of official annotation files, to what MMPose's data sets read."""

from .boxes import joints_to_bbox
from .lsp import convert_lsp, parse_split
from .lsp_mat import load_lsp_joints
from .report import SplitReport

__all__ = [
    'SplitReport',
    'convert_lsp',
    'joints_to_bbox',
    'load_lsp_joints',
    'parse_split',
]
