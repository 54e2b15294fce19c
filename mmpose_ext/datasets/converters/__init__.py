"""Converters from official annotation files to the files that MMPose reads."""

from .boxes import joints_to_bbox
from .lsp import convert_lsp, parse_split
from .lsp_joints import load_lsp_joints
from .mpii import convert_mpii
from .mpii_release import load_mpii_release
from .mpii_val import load_mpii_validation
from .ntu60 import extract_ntu60
from .ntu_skeleton import load_skeleton
from .report import SplitReport

__all__ = [
    'SplitReport',
    'convert_lsp',
    'convert_mpii',
    'extract_ntu60',
    'joints_to_bbox',
    'load_lsp_joints',
    'load_mpii_release',
    'load_mpii_validation',
    'load_skeleton',
    'parse_split',
]
