"""Data sets of one person's body joints."""

from .combined import CombinedPoseDataset
from .lsp import LspDataset
from .ntu60 import Ntu60Dataset

__all__ = ['CombinedPoseDataset', 'LspDataset', 'Ntu60Dataset']
