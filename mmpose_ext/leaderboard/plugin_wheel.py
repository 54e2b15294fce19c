"""The plugin's own wheel, built from a clone."""

import shutil
import subprocess
import sys
from pathlib import Path

from ..utils.errors import UserError
from ..utils.reasons import reason_of

NAME = 'mmpose-ext'
# What the plugin's wheel is built from.
_SOURCES = (
    *('setup.py', 'pyproject.toml', 'MANIFEST.in', 'README.md', 'LICENSE'),
    *('model-index.yml', 'configs', 'tools', 'requirements'),
    *('mmpose_ext', 'mmpose_ext_cli', 'mmpose_ext_runtime'),
)


def build_plugin(root: Path, folder: Path) -> Path:
    """Build the plugin's own wheel from a clone.

    Args:
        root (Path): The clone.
        folder (Path): The folder to write the wheel to.

    Returns:
        Path: The wheel.

    Raises:
        UserError: If this is not a clone, or the build fails.
    """
    fix = 'put a wheel of mmpose_ext into the folder that --wheels names'
    if not (root / 'setup.py').is_file():
        raise UserError(f'{root} is not a clone, so no wheel can be built', fix)
    source = folder / 'source'
    try:
        # A copy, so that nothing is left in the clone.
        for name in _SOURCES:
            _copy(root / name, source / name)
        done = subprocess.run(
            [sys.executable, 'setup.py', '-q', 'bdist_wheel', '--dist-dir', '..'],
            cwd=source,
            capture_output=True,
            text=True,
        )
    except (OSError, shutil.Error) as error:
        raise UserError(f'cannot build the wheel: {reason_of(error)}', fix) from error
    finally:
        shutil.rmtree(source, ignore_errors=True)
    found = sorted(folder.glob('mmpose_ext-*.whl'))
    if done.returncode or not found:
        lines = done.stderr.splitlines() or ['no reason given']
        raise UserError(f'cannot build the wheel: {lines[-1]}', fix)
    return found[-1]


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        ignored = shutil.ignore_patterns('__pycache__', '.mim', '*.pyc')
        shutil.copytree(source, target, ignore=ignored)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
