"""Necks, one paper per file."""

from .daunet_decoder import DAUNetDecoder
from .yolopose_pafpn import YOLOPosePAFPN

__all__ = ['DAUNetDecoder', 'YOLOPosePAFPN']
