"""Mechanisms shared by the papers, one per file."""

from .build import build_attention
from .coord_attention import CoordAttention
from .cru import CRU
from .dasp import DASP
from .eca_gate import ECAGate
from .fc_gate import FCGate
from .half_channel_conv import HalfChannelConv
from .identity import Identity
from .partial_conv import PartialConv
from .position_attention import PositionAttention
from .scr_block import SCRBlock, SCUnit
from .scru import SCRU
from .semantic_enhancement import SemanticEnhancement
from .sge import SGE
from .sru import SRU
from .strip_pooling import StripPooling

__all__ = [
    'CRU',
    'DASP',
    'SCRU',
    'SGE',
    'SRU',
    'CoordAttention',
    'ECAGate',
    'FCGate',
    'HalfChannelConv',
    'Identity',
    'PartialConv',
    'PositionAttention',
    'SCRBlock',
    'SCUnit',
    'SemanticEnhancement',
    'StripPooling',
    'build_attention',
]
