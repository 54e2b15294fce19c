"""Writers of synthetic figures in the official layouts of the data sets."""

from .lsp import write_lsp, write_lspet
from .mpii import write_mpii
from .ntu import write_ntu

__all__ = ['write_lsp', 'write_lspet', 'write_mpii', 'write_ntu']
