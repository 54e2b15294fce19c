"""Replacement of mmcv's compiled ops if only mmcv-lite is installed.

MMPose and MMDetection import some ops at start-up even if nothing calls them. With the
replacement these imports succeed; an op without compiled code raises an error only
when it is *called*.
"""

import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import torch

from ..utils.errors import MissingOpError

EXT_NAME = 'mmcv._ext'


def _nms(
    boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float, offset: int = 0
) -> torch.Tensor:
    """Non-maximum suppression by torchvision, with mmcv's signature.

    Args:
        boxes (Tensor): (N, 4), x1 y1 x2 y2 in pixels.
        scores (Tensor): (N,).
        iou_threshold (float): Boxes with a larger overlap are dropped.
        offset (int): 1 counts the last pixel into a box's width and height.

    Returns:
        Tensor: The kept indices, int64, by falling score.
    """
    from torchvision.ops import nms

    if offset:
        boxes = boxes + boxes.new_tensor([0, 0, offset, offset])
    return nms(boxes, scores, iou_threshold)


def _missing(name: str) -> Callable[..., Any]:
    def op(*args: Any, **kwargs: Any) -> Any:
        raise MissingOpError(
            f'the mmcv op `{name}` needs compiled code that mmcv-lite does not '
            'have; install the full mmcv instead: pip uninstall mmcv-lite && '
            'mim install "mmcv>=2.0.1,<2.2"'
        )

    op.__name__ = op.__qualname__ = name
    return op


class OpsStandIn(ModuleType):
    """The module ``mmcv._ext`` that raises only when an op is called."""

    def __init__(self) -> None:
        super().__init__(EXT_NAME, __doc__)
        # A spec without a loader: MMEngine's mmcv_full_available() finds the
        # spec, sees no loader and keeps answering False.
        self.__spec__ = ModuleSpec(EXT_NAME, loader=None)
        self.nms = _nms

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith('_'):
            raise AttributeError(f'module {EXT_NAME!r} has no attribute {name!r}')
        return _missing(name)


def install_mmcv_ops() -> bool:
    """Put the stand-in into ``sys.modules`` where mmcv has no compiled ops.

    Returns:
        bool: Whether the stand-in is in place; False with the full mmcv, which
        is not touched.
    """
    present = sys.modules.get(EXT_NAME)
    if present is None and importlib.util.find_spec(EXT_NAME) is None:
        present = sys.modules[EXT_NAME] = OpsStandIn()
    return isinstance(present, OpsStandIn)
