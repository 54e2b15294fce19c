"""Data sets of one person's body joints."""

from .lsp import LspDataset

__all__ = ['LspDataset']
