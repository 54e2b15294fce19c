"""Joint conventions of the data sets: joints in order, and meta-information."""

from pathlib import Path

import mmpose

from ..utils.errors import check_choice

_LSP = (
    'right_ankle', 'right_knee', 'right_hip', 'left_hip', 'left_knee', 'left_ankle',
    'right_wrist', 'right_elbow', 'right_shoulder',
    'left_shoulder', 'left_elbow', 'left_wrist', 'upper_neck', 'head_top',
)  # fmt: skip
_COCO = ('nose', *(
    f'{side}_{name}'
    for name in
    ('eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
    for side in ('left', 'right')
))  # fmt: skip
_MPII = (
    'right_ankle', 'right_knee', 'right_hip', 'left_hip', 'left_knee', 'left_ankle',
    'pelvis', 'thorax', 'upper_neck', 'head_top',
    'right_wrist', 'right_elbow', 'right_shoulder',
    'left_shoulder', 'left_elbow', 'left_wrist',
)  # fmt: skip
_NTU = (
    'spine_base', 'spine_mid', 'upper_neck', 'head',
    'left_shoulder', 'left_elbow', 'left_wrist', 'left_hand',
    'right_shoulder', 'right_elbow', 'right_wrist', 'right_hand',
    'left_hip', 'left_knee', 'left_ankle', 'left_foot',
    'right_hip', 'right_knee', 'right_ankle', 'right_foot',
    'thorax', 'left_hand_tip', 'left_thumb', 'right_hand_tip', 'right_thumb',
)  # fmt: skip

#: Convention -> its joints in order, by the names of
#: :data:`mmpose_ext.figures.landmarks.LANDMARKS`. The names in a data set's own
#: meta-information may differ: LSP's ``neck`` is MPII's ``upper_neck``.
CONVENTIONS: dict[str, tuple[str, ...]] = {
    'coco': _COCO,
    'mpii': _MPII,
    'lsp': _LSP,
    'ntu': _NTU,
}
_FILES = {'coco': 'coco.py', 'mpii': 'mpii.py', 'lsp': 'lsp.py', 'ntu': 'ntu60.py'}
_OURS = Path(__file__).resolve().parent / 'metainfo'


def metainfo_file(convention: str, owner: str = 'metainfo_file') -> str:
    """Return the path of a convention's meta-information.

    >>> Path(metainfo_file('ntu')).name
    'ntu60.py'

    Args:
        convention (str): ``coco``, ``mpii`` (MMPose's own files), ``lsp`` or
            ``ntu`` (this project's).
        owner (str): Name of the caller, for the error.

    Returns:
        str: Absolute path of the file, for ``dict(from_file=...)``.

    Raises:
        ConfigError: If the convention is unknown.
    """
    check_choice(owner, 'convention', convention, CONVENTIONS)
    if convention in ('lsp', 'ntu'):
        return str(_OURS / _FILES[convention])
    package = Path(mmpose.__file__).parent
    path = package / '.mim' / 'configs' / '_base_' / 'datasets' / _FILES[convention]
    if path.is_file():
        return str(path)
    # An editable installation keeps its configs beside the package.
    return str(package.parent / 'configs' / '_base_' / 'datasets' / _FILES[convention])
