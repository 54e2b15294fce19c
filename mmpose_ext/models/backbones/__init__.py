"""Backbones, one paper per file."""

from .ca_hrnet import CAHRNet
from .daunet_encoder import DAUNetEncoder
from .sdhrnet import SDHRNet

__all__ = ['CAHRNet', 'DAUNetEncoder', 'SDHRNet']
