"""Checks and atomic writes of output files."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .errors import UserError

#: Names of temporary files that :func:`atomic_write` makes.
TEMPORARY = re.compile(r'\..{1,40}\.[a-z0-9_]{8}(\.\w+)?')
FIX = 'choose a folder you can write to, with room on its disk'


def check_output(path: str | os.PathLike) -> Path:
    """Check that a file can be written, without writing anything.

    Call it before computing the result that goes there.

    >>> check_output('result.json').name
    'result.json'

    Args:
        path (str | os.PathLike): The file; neither it nor its folder has to exist.

    Returns:
        Path: ``path``.

    Raises:
        UserError: If it is a folder, its name is too long, or the nearest folder
            that exists cannot be written to.
    """
    target = Path(path)
    if os.path.isdir(target):
        raise UserError(f'cannot write {target}: it is a folder', 'add a file name')
    try:
        # Raises another error if the name itself is impossible.
        with suppress(FileNotFoundError):
            target.lstat()
        folder = next(p for p in target.absolute().parents if os.path.lexists(p))
    except (OSError, ValueError) as error:
        reason = getattr(error, 'strerror', None) or error
        raise UserError(f'cannot write {target}: {reason}', FIX) from error
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        problem = 'is not writable' if folder.is_dir() else 'is not a folder'
        raise UserError(f'cannot write {target}: {folder} {problem}', FIX)
    return target


@contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it there on success.

    The temporary name has the same suffix, for writers that derive the format from
    it, such as ``numpy.savez``. If the body raises, the temporary file is removed and
    an existing file at ``path`` is kept.

    >>> with atomic_write('notes.txt') as temporary:
    ...     _ = temporary.write_text('complete')
    >>> Path('notes.txt').read_text()
    'complete'

    Args:
        path (str | os.PathLike): The file to write; its folder is created if
            necessary.

    Yields:
        Path: The temporary file to write to.

    Raises:
        UserError: If the folder cannot be created or written to, or the disk is full.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f'.{target.stem[:40]}.', suffix=target.suffix, dir=target.parent
        )
    except OSError as error:
        raise UserError(
            f'cannot write {target}: {error.strerror or error}', FIX
        ) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; outputs follow the user's umask.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except OSError as error:
        if error.filename not in (None, name, str(target)):
            raise
        raise UserError(
            f'cannot write {target}: {error.strerror or error}', FIX
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_json_atomic(path: str | os.PathLike, data: Any, **kwargs: Any) -> None:
    """Write ``data`` as JSON atomically.

    Args:
        path (str | os.PathLike): The file to write.
        data (Any): Data that :func:`json.dump` accepts, without nan and infinity,
            which are not part of JSON.
        **kwargs: Passed to :func:`json.dump`.

    Raises:
        UserError: If the file cannot be written.
        ValueError: If ``data`` contains nan or infinity.
    """
    kwargs.setdefault('allow_nan', False)
    with atomic_write(path) as temporary, open(temporary, 'w', encoding='utf-8') as f:
        json.dump(data, f, **kwargs)
