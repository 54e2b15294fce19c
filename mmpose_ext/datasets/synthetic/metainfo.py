"""Where each convention's meta-information is."""

from pathlib import Path

import mmpose

from .landmarks import convention_indices

_OURS = Path(__file__).resolve().parents[1] / 'metainfo'
_FILES = {'coco': 'coco.py', 'mpii': 'mpii.py', 'lsp': 'lsp.py', 'ntu': 'ntu60.py'}


def metainfo_file(convention: str, owner: str = 'metainfo_file') -> str:
    """Find a convention's meta-information.

    Args:
        convention (str): ``coco``, ``mpii`` (MMPose's own files), ``lsp`` or
            ``ntu`` (this project's).
        owner (str): Who asks, for the error.

    Returns:
        str: Absolute path of the file, for ``dict(from_file=...)``.

    Raises:
        ValueError: If the convention is unknown.
    """
    convention_indices(convention, owner)
    if convention in ('lsp', 'ntu'):
        return str(_OURS / _FILES[convention])
    package = Path(mmpose.__file__).parent
    path = package / '.mim' / 'configs' / '_base_' / 'datasets' / _FILES[convention]
    if path.is_file():
        return str(path)
    # An editable installation keeps its configs beside the package.
    return str(package.parent / 'configs' / '_base_' / 'datasets' / _FILES[convention])
