"""The description of an offline bundle, and digests of the files copied with it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..utils.errors import UserError
from .fingerprint import hash_file

MANIFEST, DIGESTS = 'bundle.json', 'digests.json'
SCHEMA = 1
_NEEDED = ('schema', 'code', 'minutes', 'processes', 'runs', 'data', 'files')


def read_bundle_manifest(folder: Path) -> dict[str, Any]:
    """Read the description of an offline bundle.

    Args:
        folder (Path): The bundle.

    Returns:
        dict[str, Any]: ``code`` (version that packed it), ``minutes`` of a call,
        ``processes`` of a run, ``runs``, ``data`` (packed files by run and split) and
        ``files`` (SHA-256 by name).

    Raises:
        UserError: If it is missing, damaged or of another version.
    """
    fix = 'make it with `mmpose-ext leaderboard pack`'
    found = read_object(folder / MANIFEST, fix)
    missing = [key for key in _NEEDED if key not in found]
    if missing:
        raise UserError(f'{folder / MANIFEST} lacks {", ".join(missing)}', fix)
    if found['schema'] != SCHEMA:
        raise UserError(
            f'{folder / MANIFEST} has schema {found["schema"]}, not {SCHEMA}', fix
        )
    return found


def read_object(path: Path, fix: str) -> dict[str, Any]:
    """Read a JSON object.

    Args:
        path (Path): The file.
        fix (str): The advice to give if it cannot be read.

    Raises:
        UserError: If it cannot be read, or is something else.
    """
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise UserError(f'cannot read {path}: {error}', fix) from error
    if not isinstance(content, dict):
        raise UserError(f'{path} is not a JSON object', fix)
    return content


def digests_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files.

    Args:
        folder (Path): The folder with the files.
        names (Iterable[str]): Their names.
    """
    return {name: hash_file(folder / name) for name in sorted(names)}


def check_digests(folder: Path, digests: Mapping[str, str], fix: str) -> None:
    """Check files against their digests.

    Args:
        folder (Path): The folder with the files.
        digests (Mapping[str, str]): SHA-256 by name.
        fix (str): The advice to give if one differs.

    Raises:
        UserError: If a file is missing, lies outside the folder or differs.
    """
    for name, digest in digests.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UserError(f'{folder}: {name} lies outside the folder', fix)
        try:
            same = hash_file(path) == digest
        except OSError as error:
            raise UserError(f'cannot read {path}: {error.strerror}', fix) from error
        if not same:
            raise UserError(f'{path} is not what was written', fix)
