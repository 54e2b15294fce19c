"""Backbones, one paper per file."""

from .ca_hrnet import CAHRNet

__all__ = ['CAHRNet']
