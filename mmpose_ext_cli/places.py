"""Finds scripts without importing the packages that contain them."""

from importlib.util import find_spec
from pathlib import Path


def package_folder(package: str) -> Path | None:
    """Return the folder of a top-level package, or None if it is not installed.

    Args:
        package (str): Its import name.
    """
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def find_tools() -> Path:
    """Return this project's folder ``tools``, of a wheel or of a source tree.

    Raises:
        FileNotFoundError: If the installation has none.
    """
    folder = package_folder('mmpose_ext')
    if folder:
        for tools in (folder / '.mim' / 'tools', folder.parent / 'tools'):
            if (tools / 'train.py').is_file():
                return tools
    raise FileNotFoundError('mmpose_ext is not installed with its tools')


def list_papers() -> list[str]:
    """Return the papers by the names of their folders below ``configs``."""
    configs = find_tools().parent / 'configs'
    return sorted(path.parent.name for path in configs.glob('*/metafile.yml'))


def script_folders() -> dict[str, list[Path]]:
    """Return the folders that hold scripts, by package; MMPose's first."""
    folders = {}
    mmpose = package_folder('mmpose')
    if mmpose:
        # A wheel keeps them in .mim, a source tree beside the package.
        roots = [mmpose / '.mim', mmpose.parent]
        found = next((root for root in roots if (root / 'demo').is_dir()), roots[0])
        folders['mmpose'] = [found / 'tools', found / 'demo']
    folders['mmpose_ext'] = [find_tools()]
    return folders


def list_scripts() -> dict[str, Path]:
    """Return every script by its full name, such as ``mmpose::misc/pth_transfer``."""
    return {
        f'{package}::{path.relative_to(folder).with_suffix("").as_posix()}': path
        for package, folders in script_folders().items()
        for folder in folders
        for path in sorted(folder.rglob('*.py'))
    }
