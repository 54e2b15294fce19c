"""Mechanisms shared by the papers, one per file."""

from .coord_attention import CoordAttention
from .cross_scale_fusion import CrossScaleFusion
from .cru import CRU
from .dasp import DASP
from .distribution_learning import DistributionLearning
from .eca_gate import ECAGate
from .fc_gate import FCGate
from .fgcspp import FGCSPP
from .ghost_conv import GhostConv
from .global_attention import GlobalAttention
from .half_channel_conv import HalfChannelConv
from .identity import Identity
from .implicit import ImplicitAdd, ImplicitMultiply
from .local_attention import LocalAttention
from .partial_conv import PartialConv
from .position_attention import PositionAttention
from .rfm import RFM
from .sca import SCA
from .scr_block import SCRBlock, SCUnit
from .scru import SCRU
from .semantic_enhancement import SemanticEnhancement
from .sge import SGE
from .spatial_fusion import SpatialFusion
from .spp import SPP
from .sru import SRU
from .strip_pooling import StripPooling

__all__ = [
    'CRU',
    'DASP',
    'FGCSPP',
    'RFM',
    'SCA',
    'SCRU',
    'SGE',
    'SPP',
    'SRU',
    'CoordAttention',
    'CrossScaleFusion',
    'DistributionLearning',
    'ECAGate',
    'FCGate',
    'GhostConv',
    'GlobalAttention',
    'HalfChannelConv',
    'Identity',
    'ImplicitAdd',
    'ImplicitMultiply',
    'LocalAttention',
    'PartialConv',
    'PositionAttention',
    'SCRBlock',
    'SCUnit',
    'SemanticEnhancement',
    'SpatialFusion',
    'StripPooling',
]
