"""Adds the results of an offline bundle to the ledger."""

import shutil
from pathlib import Path

from ..utils.errors import UserError
from ..utils.folders import atomic_folder
from ..utils.io import check_output
from .ledger import ENTRY, read_entry
from .manifest import DIGESTS, MANIFEST, check_digests, read_object
from .split_weights import INDEX, JOINED, join_weights

_FIX = 'copy the results again'


def merge(source: Path, results: Path) -> tuple[list[Path], list[Path]]:
    """Copy finished runs into the ledger.

    Everything is checked before anything is copied.

    Args:
        source (Path): A bundle, or its ``results`` folder.
        results (Path): The ledger.

    Returns:
        tuple[list[Path], list[Path]]: Folders of the runs that are new, and of those
        that were already there, with the same entry.

    Raises:
        UserError: If there are none, a file differs from its digest, or the ledger has
            the run with other figures.
    """
    if (source / MANIFEST).is_file():
        source = source / 'results'
    found = sorted(file.parent for file in source.glob(f'*/*/{DIGESTS}'))
    if not found:
        raise UserError(
            f'{source} holds no results of a bundle',
            'name the bundle, or its results folder',
        )
    new: list[Path] = []
    known: list[Path] = []
    for folder in found:
        target = results / folder.parent.name / folder.name
        (known if check_result(folder, target) else new).append(target)
    for folder in found:
        target = results / folder.parent.name / folder.name
        if target in new:
            _copy(folder, target)
    return new, known


def check_result(folder: Path, target: Path) -> bool:
    """Check a run's results, and whether the ledger has them.

    Args:
        folder (Path): The results.
        target (Path): Their place in the ledger.

    Returns:
        bool: Whether the ledger has them, with the same entry.

    Raises:
        UserError: If a file differs from its digest, or the ledger has the run with
            other figures.
    """
    digests = read_object(folder / DIGESTS, _FIX)
    if ENTRY not in digests:
        raise UserError(f'{folder / DIGESTS} lacks {ENTRY}', _FIX)
    check_digests(folder, digests, _FIX)
    entry = read_entry(folder)
    if entry.facts['board'] != folder.parent.name:
        raise UserError(
            f'{folder} is a run of {entry.facts["board"]}, not {folder.parent.name}',
            'put it into the folder of that board',
        )
    check_output(target / ENTRY)
    if not target.exists():
        return False
    if not (target / ENTRY).is_file():
        raise UserError(
            f'{target} exists but is not finished', 'finish that run, or delete it'
        )
    if read_entry(target).facts['digest'] != entry.facts['digest']:
        raise UserError(
            f'{target} is another run of the same name and seed',
            'merge into another --results',
        )
    return True


def _copy(folder: Path, target: Path) -> None:
    """Copy a run's results, with its weights in one file."""
    with atomic_folder(target) as temporary:
        for name in read_object(folder / DIGESTS, _FIX):
            if not name.startswith('weights'):
                shutil.copy2(folder / name, temporary / name)
        if (folder / INDEX).is_file():
            join_weights(folder, temporary / JOINED)
