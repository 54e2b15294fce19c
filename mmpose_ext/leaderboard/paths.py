"""Location of the configs: beside the package in a clone, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def root_folder() -> Path:
    """Return the folder that holds ``configs``: the clone, or else ``.mim``."""
    clone = _PACKAGE.parent
    return clone if (clone / 'setup.py').is_file() else _PACKAGE / '.mim'


def resolve_config(name: str) -> str:
    """Return the path of a config that is named relative to the project's folder.

    A name inside a package (``mmpose::...``) stays as it is.

    Args:
        name (str): The config, such as ``configs/ca_hrnet/....py``.

    Example:
        >>> resolve_config('mmpose::body_2d_keypoint/x.py')
        'mmpose::body_2d_keypoint/x.py'
        >>> Path(resolve_config('configs/ca_hrnet/tables.yml')).is_file()
        True
    """
    return name if '::' in name else str(root_folder() / name)
