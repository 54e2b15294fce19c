"""Backbones, one paper per file."""

from .ca_hrnet import CAHRNet
from .daunet_encoder import DAUNetEncoder
from .fortified_hourglass import FortifiedHourglass
from .scadknet import SCADKNet
from .sdhrnet import SDHRNet

__all__ = [
    'CAHRNet',
    'DAUNetEncoder',
    'FortifiedHourglass',
    'SCADKNet',
    'SDHRNet',
]
