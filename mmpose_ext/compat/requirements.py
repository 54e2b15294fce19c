"""The supported versions of packages, and a one-line error for others.

``setup.py`` reads its ranges from here, so they are written once. They are
checked on import instead of being ``install_requires``: pip would otherwise
change a working MMPose environment, by building chumpy, by adding a second
opencv, or by replacing its torch.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple


class Requirement(NamedTuple):
    """A supported range of a package.

    Args:
        packages (tuple[str, ...]): Distributions that can provide it, the one
            to recommend first.
        supported (str): The range as a version specifier (PEP 440).
        command (str): Command that installs a supported version.
    """

    packages: tuple[str, ...]
    supported: str
    command: str


PYTHON = '>=3.10,<3.14'
REQUIREMENTS = (
    # From 2.6 on torch loads checkpoints without executing code by default.
    Requirement(('torch',), '>=2.6,<3', 'pip install "torch>=2.6" torchvision'),
    Requirement(
        ('mmengine', 'mmengine-lite', 'onedl-mmengine'),
        '>=0.10.5,<1.0',
        'pip install "mmengine>=0.10.5,<1.0"',
    ),
    Requirement(
        ('mmcv-lite', 'mmcv'), '>=2.0.1,<2.2', 'pip install "mmcv-lite>=2.0.1,<2.2"'
    ),
    # Without dependencies, since its dependency chumpy can no longer be built.
    Requirement(
        ('mmpose',), '>=1.3.0,<1.4', 'pip install --no-deps "mmpose>=1.3.0,<1.4"'
    ),
)


class DependencyError(RuntimeError):
    """A required package is missing or has an unsupported version.

    It is not an :class:`ImportError`, since MMEngine reports those of a
    ``custom_imports`` entry only as "Failed to import".
    """


def _installed(
    packages: Iterable[str], get_version: Callable[[str], str]
) -> tuple[str, str] | None:
    for package in packages:
        try:
            return package, get_version(package)
        except PackageNotFoundError:
            continue
    return None


def check_requirements(
    requirements: Iterable[Requirement] = REQUIREMENTS,
    get_version: Callable[[str], str] = version,
) -> None:
    """Check that every package is installed in a supported version.

    Args:
        requirements (Iterable[Requirement]): The requirements to check.
        get_version (Callable): Maps a distribution's name to its version or
            raises :class:`~importlib.metadata.PackageNotFoundError`.

    Raises:
        DependencyError: If a version does not fit; one line has the version found, the
            supported range, and the command that installs it.
    """
    from packaging.specifiers import SpecifierSet

    for need in requirements:
        supported = f'mmpose_ext needs {need.packages[0]}{need.supported}'
        found = _installed(need.packages, get_version)
        if found is None:
            raise DependencyError(
                f'{supported}, but none is installed; type: {need.command}'
            )
        if not SpecifierSet(need.supported).contains(found[1], prereleases=True):
            raise DependencyError(
                f'{supported}, but found {found[0]} {found[1]}; type: {need.command}'
            )
