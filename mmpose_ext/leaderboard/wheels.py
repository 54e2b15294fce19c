"""Finds and downloads wheels of the tested set for another Python and platform."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import (
    InvalidWheelFilename,
    canonicalize_name,
    parse_wheel_filename,
)

from ..utils.errors import UserError, choose_from

PYTHONS = ('3.10', '3.11', '3.12', '3.13')
#: The machine of each platform, and the newest glibc (2.x) of its wheels.
PLATFORMS = {'linux-x86_64': 'x86_64', 'linux-aarch64': 'aarch64'}
_NEWEST_GLIBC = 39
# Older names of manylinux_2_17, 2_12 and 2_5, which installers still accept.
_LEGACY = ('manylinux2014', 'manylinux2010', 'manylinux1')
#: What a run needs: the libraries themselves, and packages they do not require.
ROOTS = ('torch', 'torchvision', 'mmpose', 'mmdet', 'mmcv-lite', 'mmengine')
OWN = (
    *('xtcocotools', 'pycocotools', 'safetensors', 'packaging', 'tqdm', 'setuptools'),
    'opencv-python-headless',  # the tested set has no opencv-python
)
#: PyTorch's own packages, which a machine with a GPU has in its own build.
TORCH = ('torch', 'torchvision', 'triton', 'nvidia-', 'cuda-')


@dataclass(frozen=True)
class Target:
    """The machine that a bundle is for.

    Attributes:
        python (str): Its version of Python, such as ``3.11``.
        platform (str): A key of :data:`PLATFORMS`.
    """

    python: str
    platform: str

    def __post_init__(self) -> None:
        for name, choices in (('python', PYTHONS), ('platform', tuple(PLATFORMS))):
            value = getattr(self, name)
            if value not in choices:
                raise UserError(
                    f'--{name} {value!r} is unknown', choose_from(choices, value)
                )

    @property
    def platforms(self) -> list[str]:
        """Tags of the platform, best first."""
        machine = PLATFORMS[self.platform]
        newest_first = [f'manylinux_2_{n}' for n in range(_NEWEST_GLIBC, 4, -1)]
        return [f'{name}_{machine}' for name in (*newest_first, *_LEGACY, 'linux')]

    @property
    def tags(self) -> list[Tag]:
        """Tags of wheels that it can install, best first."""
        version = tuple(int(part) for part in self.python.split('.'))
        name = f'cp{version[0]}{version[1]}'
        return [
            *cpython_tags(version, platforms=self.platforms),
            *compatible_tags(version, name, self.platforms),
        ]

    @property
    def markers(self) -> dict[str, str]:
        """The values to evaluate a requirement's markers with."""
        own = {key: str(value) for key, value in default_environment().items()}
        return {
            **own,
            'python_version': self.python,
            'python_full_version': f'{self.python}.0',
            'implementation_version': f'{self.python}.0',
            'implementation_name': 'cpython',
            'platform_python_implementation': 'CPython',
            'os_name': 'posix',
            'sys_platform': 'linux',
            'platform_system': 'Linux',
            'platform_machine': PLATFORMS[self.platform],
        }


def tested_set(file: Path, target: Target) -> dict[str, str]:
    """Read the tested versions that apply to a target.

    Args:
        file (Path): ``requirements/tested.txt``.
        target (Target): The target.

    Returns:
        dict[str, str]: Version by name.

    Raises:
        UserError: If the file cannot be read.
    """
    try:
        lines = file.read_text(encoding='utf-8').splitlines()
    except OSError as error:
        raise UserError(
            f'cannot read the tested set {file}: {error.strerror}',
            'pack from a clone of the project',
        ) from error
    found: dict[str, str] = {}
    for line in lines:
        try:
            need = Requirement(line)
        except InvalidRequirement:  # comments and blank lines
            continue
        if need.marker is None or need.marker.evaluate(target.markers):
            found[canonicalize_name(need.name)] = str(need.specifier).lstrip('=')
    return found


def needed(versions: dict[str, str], target: Target) -> dict[str, str]:
    """Return the part of the tested set that training and testing need.

    Args:
        versions (dict[str, str]): The tested set.
        target (Target): The target.

    Returns:
        dict[str, str]: Version by name, without what the set leaves out on purpose.
    """
    waiting, found = [*ROOTS, *OWN], {}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found or name not in versions:
            continue
        found[name] = versions[name]
        try:
            lines = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        for line in lines:
            need = Requirement(line)
            values = {**target.markers, 'extra': ''}
            if need.marker is None or need.marker.evaluate(values):
                waiting.append(need.name)
    return dict(sorted(found.items()))


def leave_out(versions: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return versions without those that the target already has.

    Args:
        versions (dict[str, str]): Version by name.
        names (Iterable[str]): Packages; ``torch`` stands for all of PyTorch's own,
            ``all`` for everything.

    Raises:
        UserError: If a name is not in the set.
    """
    left_out: list[str] = []
    for name in names:
        plain = canonicalize_name(name)
        if plain == 'all':
            return {}
        if plain not in versions:
            raise UserError(
                f'--without {name!r} is not in the set', choose_from(versions, plain)
            )
        left_out += TORCH if plain == 'torch' else [plain]
    return {
        name: version
        for name, version in versions.items()
        if not any(
            name.startswith(other) if other.endswith('-') else name == other
            for other in left_out
        )
    }


def find_wheels(
    folder: Path, versions: dict[str, str], target: Target
) -> tuple[dict[str, Path], list[str]]:
    """Find the best wheel of each package in a folder.

    Args:
        folder (Path): The folder.
        versions (dict[str, str]): Version by name.
        target (Target): The target.

    Returns:
        tuple[dict[str, Path], list[str]]: The wheels by name, and what is missing.
    """
    rank = {tag: number for number, tag in enumerate(target.tags)}
    best: dict[str, tuple[int, Path]] = {}
    for path in sorted(folder.glob('*.whl')):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        fits = [rank[tag] for tag in tags if tag in rank]
        # A local version, such as 2.11.0+cpu, is a build of the same release.
        if not fits or versions.get(name) not in (str(version), version.public):
            continue
        best[name] = min(best.get(name, (len(rank), path)), (min(fits), path))
    missing = [f'{n}=={v}' for n, v in versions.items() if n not in best]
    return {name: path for name, (_, path) in sorted(best.items())}, missing


def download_wheels(folder: Path, lines: Sequence[str], target: Target) -> None:
    """Download wheels with pip, each without what it requires.

    Args:
        folder (Path): The folder to write to.
        lines (Sequence[str]): Packages with versions, such as ``numpy==1.26.4``.
        target (Target): The target.

    Raises:
        UserError: If there is no pip, no network, or no such wheel.
    """
    fix = 'give a folder that has them with --wheels'
    command = [*_pip(), 'download', '--quiet', '--no-deps', '--only-binary=:all:']
    command += ['--disable-pip-version-check', '--python-version', target.python]
    for platform in target.platforms:
        command += ['--platform', platform]
    command += ['--dest', str(folder), *lines]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise UserError(f'cannot start pip: {error.strerror}', fix) from error
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith('ERROR')]
        reason = (said or done.stderr.splitlines() or ['no reason given'])[-1]
        reason = reason.removeprefix('ERROR:').strip()
        raise UserError(f'cannot download the wheels: {reason}', fix)


def _pip() -> list[str]:
    """Return the command line of pip, which environments made by uv lack."""
    if importlib.util.find_spec('pip'):
        return [sys.executable, '-m', 'pip']
    if uv := shutil.which('uv'):
        return [uv, 'run', '--quiet', '--no-project', '--with', 'pip', 'pip']
    raise UserError(
        'downloading wheels needs pip', 'install it, or give wheels with --wheels'
    )
