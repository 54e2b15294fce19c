"""Replacement of ``xtcocotools``, which has no wheel for current Python and NumPy.

MMPose imports it at start-up, to read COCO's files and to evaluate. If it is not
installed, modules of the same name give the same figures with pycocotools.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from .requirements import DependencyError

NAME = 'xtcocotools'


class CocoStandIn(ModuleType):
    """The module ``xtcocotools``, or a module in it, backed by pycocotools."""

    def __init__(self, name: str) -> None:
        super().__init__(name, __doc__)
        self.__spec__ = ModuleSpec(name, loader=None, is_package=name == NAME)


def build_xtcocotools() -> dict[str, ModuleType]:
    """Build the stand-in's modules by name, without installing them.

    Raises:
        DependencyError: If pycocotools cannot be imported either.
    """
    try:
        from pycocotools import mask

        from .pycoco import COCO, COCOeval
    except ImportError as error:
        raise DependencyError(
            f'mmpose_ext needs xtcocotools or pycocotools, but neither can be imported '
            f'({error}); type: pip install pycocotools'
        ) from error
    names = (NAME, f'{NAME}.coco', f'{NAME}.cocoeval')
    package, coco, cocoeval = (CocoStandIn(name) for name in names)
    coco.__dict__['COCO'] = COCO
    cocoeval.__dict__['COCOeval'] = COCOeval
    package.__dict__.update(coco=coco, cocoeval=cocoeval, mask=mask, __path__=[])
    return {
        **dict(zip(names, (package, coco, cocoeval), strict=True)),
        f'{NAME}.mask': mask,
    }


def install_xtcocotools() -> bool:
    """Put the stand-in into ``sys.modules`` where xtcocotools is not installed.

    Returns:
        bool: Whether the stand-in is in place; an installed one is not touched.

    Raises:
        DependencyError: If pycocotools cannot be imported either.
    """
    present = sys.modules.get(NAME)
    if present is None and importlib.util.find_spec(NAME) is None:
        sys.modules.update(build_xtcocotools())
        return True
    return isinstance(present, CocoStandIn)
