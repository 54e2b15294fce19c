"""Export of networks as ONNX files.

:mod:`mmpose_ext_runtime`, which needs neither this package nor PyTorch, runs them.
"""

from .comparison import Difference, Sample, compare, figure_samples
from .exporting import Export, export_onnx, load_network, write_network
from .options import ExportOptions
from .reducing import export_reduced

__all__ = [
    'Difference',
    'Export',
    'ExportOptions',
    'Sample',
    'compare',
    'export_onnx',
    'export_reduced',
    'figure_samples',
    'load_network',
    'write_network',
]
