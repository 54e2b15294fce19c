"""Weights that come with the package, as addresses such as ``mmpose_ext://ca_hrnet``.

They work wherever MMEngine takes a checkpoint: as ``load_from`` or in ``init_cfg``.
"""

from pathlib import Path
from typing import Any

from mmengine.runner.checkpoint import CheckpointLoader

from .checkpoint import CheckpointError, load_from_local

WEIGHTS = Path(__file__).resolve().parents[1] / 'weights'
SCHEME = 'mmpose_ext://'
_SUFFIXES = ('.safetensors', '.pth')


def find_shipped(*names: str) -> Path | None:
    """Return the file of the first of these names that has one.

    >>> find_shipped('ca_hrnet').name
    'ca_hrnet.safetensors'

    Args:
        *names (str): Short names of models.

    Returns:
        Path | None: The file; None if there is none.
    """
    files = [WEIGHTS / f'{name}{suffix}' for name in names for suffix in _SUFFIXES]
    return next((file for file in files if file.is_file()), None)


def load_from_shipped(filename: str, map_location: Any = None) -> dict:
    """Load weights that come with the package.

    >>> 'state_dict' in load_from_shipped('mmpose_ext://ca_hrnet')
    True

    Args:
        filename (str): ``mmpose_ext://`` and the name.
        map_location: See :func:`torch.load`.

    Returns:
        dict: The checkpoint, with the weights under ``state_dict``.

    Raises:
        CheckpointError: If there are none of this name.
    """
    file = find_shipped(filename.removeprefix(SCHEME))
    if file is None:
        names = sorted(
            file.stem for file in WEIGHTS.glob('*') if file.suffix in _SUFFIXES
        )
        raise CheckpointError(
            f'no weights {filename} come with this package',
            f'choose {SCHEME} and one of {", ".join(names)}, or give a file',
        )
    return load_from_local(str(file), map_location)


def install_shipped_weights() -> None:
    """Let MMEngine load ``mmpose_ext://NAME``."""
    CheckpointLoader.register_scheme(SCHEME, load_from_shipped, force=True)
