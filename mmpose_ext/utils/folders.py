"""Output folders that a tool fills over several runs."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import UserError
from .io import FIX, TEMPORARY, write_json_atomic


def claim_folder(folder: Path, marker: Path, settings: dict[str, Any]) -> None:
    """Claim a folder for one set of settings, or check an earlier claim.

    Tools that resume interrupted runs call it first, so that files made with
    different settings are never mixed.

    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 1})
    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 1})
    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 2})
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: images was made with other settings: ...

    Args:
        folder (Path): Folder for the tool's files.
        marker (Path): The JSON file that records the settings.
        settings (dict[str, Any]): The settings, in types that JSON preserves.

    Raises:
        UserError: If the marker contains other settings or cannot be read, the folder
            has files but no marker, or the marker cannot be written.
    """
    if marker.exists():
        try:
            found = json.loads(marker.read_text(encoding='utf-8'))
        except (OSError, ValueError) as error:
            raise UserError(
                f'cannot read {marker}: {error}',
                f'so the settings of {folder} are unknown: choose another folder, or '
                'delete both',
            ) from error
        if found != settings:
            raise UserError(
                f'{folder} was made with other settings: {found}, not {settings}',
                'choose another folder, use the same settings, or delete both',
            )
        remove_temporaries(folder)
        return
    try:
        used = any(folder.iterdir())
    except FileNotFoundError:
        used = False
    except OSError as error:
        raise UserError(
            f'cannot write to {folder}: {error.strerror}', 'choose another folder'
        ) from error
    if used:
        raise UserError(
            f'{folder} holds files that were not made by this tool',
            'choose another folder',
        )
    write_json_atomic(marker, settings, indent=1)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``path`` and rename it there on success.

    If the body raises, the temporary folder is removed.

    >>> with atomic_folder(Path('run')) as temporary:
    ...     _ = (temporary / 'a.txt').write_text('complete')
    >>> Path('run/a.txt').read_text()
    'complete'

    Args:
        path (Path): The folder to make; its parent is created if necessary.

    Yields:
        Path: The temporary folder to fill.

    Raises:
        UserError: If a folder or file cannot be written.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(
            tempfile.mkdtemp(prefix=f'.{path.name[:40]}.', dir=path.parent)
        )
        yield temporary
        temporary.chmod(0o755)  # mkdtemp makes it private
        temporary.rename(path)
    except OSError as error:
        # If a file could not be read, name it; if one could not be written, the folder.
        file = Path(error.filename or path)
        written = file in (path, path.parent) or temporary in (file, *file.parents)
        reason = error.strerror or error if written else error
        raise UserError(f'cannot write {path}: {reason}', FIX) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def remove_temporaries(folder: Path, *names: str) -> None:
    """Delete temporary files that killed calls of :func:`.io.atomic_write` left.

    Args:
        folder (Path): The folder; its subfolders are not searched.
        *names (str): Only the temporary files of these files, for a folder that is not
            claimed. Default: all.
    """
    own = [(f'.{Path(name).stem[:40]}.', Path(name).suffix) for name in names]
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if not TEMPORARY.fullmatch(path.name) or not path.is_file():
            continue
        ends = [(path.name[: len(a)], path.name[len(a) + 8 :]) for a, _ in own]
        if not own or any(pair in own for pair in ends):
            path.unlink(missing_ok=True)


def record_files(folder: Path, record: Path) -> None:
    """Record the files below a folder, so that :func:`remove_recorded` may delete them.

    Call it when a run is complete, in a folder that :func:`claim_folder` found empty.

    Args:
        folder (Path): The folder.
        record (Path): The JSON file to write: sizes and modification times by name.

    Raises:
        UserError: If the record cannot be written.
    """
    write_json_atomic(record, _stats(folder, record), indent=1)


def remove_recorded(folder: Path, record: Path) -> None:
    """Delete the recorded files of a folder, or nothing at all.

    Args:
        folder (Path): The folder.
        record (Path): The file written by :func:`record_files`; it is deleted last, so
            that an interrupted call can be repeated.

    Raises:
        UserError: If the record cannot be read, or the folder contains a file that is
            new or was changed since then. In this case nothing is deleted.
    """
    fix = 'choose another folder, or move your files elsewhere'
    try:
        recorded = json.loads(record.read_text(encoding='utf-8'))
        recorded = {name: list(stat) for name, stat in recorded.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f'cannot read {record}: {error}', fix) from error
    found = _stats(folder, record)
    foreign = [name for name, stat in found.items() if recorded.get(name) != stat]
    if foreign:
        raise UserError(
            f'{folder} holds {len(foreign)} files that are new or have changed since '
            f'they were written here, such as {foreign[0]}; nothing was deleted',
            fix,
        )
    for name in found:
        (folder / name).unlink()
    for path, _, _ in os.walk(folder, topdown=False):
        if not os.listdir(path):
            os.rmdir(path)
    record.unlink()


def _stats(folder: Path, record: Path) -> dict[str, list[int]]:
    """Map every file except the record to size and modification time of the entry."""
    stats = {}
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(place, name)
            stat = path.lstat()
            stats[str(path.relative_to(folder))] = [stat.st_size, stat.st_mtime_ns]
    stats.pop(str(record.relative_to(folder)), None)
    return stats
