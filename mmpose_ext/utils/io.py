"""Outputs that appear whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import UserError


@contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it there on success.

    The temporary name keeps the suffix, for writers that read the format from
    it (``cv2.imwrite``, matplotlib). When the body raises, the temporary file
    is removed and whatever stood at ``path`` before stays as it was.

    Args:
        path (str | os.PathLike): The file to write; its folder is made.

    Yields:
        Path: The temporary file to write to.

    Raises:
        UserError: If the folder cannot be made or written to, or the disk is
            full.
    """
    target = Path(path)
    fix = 'choose a folder you can write to, with room on its disk'
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f'.{target.stem}.', suffix=target.suffix, dir=target.parent
        )
    except OSError as error:
        raise UserError(f'cannot write {target}: {error.strerror}', fix) from error
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
        raise UserError(f'cannot write {target}: {error.strerror}', fix) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_json_atomic(path: str | os.PathLike, data: Any, **kwargs: Any) -> None:
    """Write ``data`` as json, whole or not at all.

    Args:
        path (str | os.PathLike): The file to write.
        data (Any): What :func:`json.dump` accepts; nan is refused, since it is
            not json.
        **kwargs: Passed to :func:`json.dump`.

    Raises:
        UserError: As :func:`atomic_write`.
        ValueError: If ``data`` holds nan or infinity.
    """
    kwargs.setdefault('allow_nan', False)
    with atomic_write(path) as temporary, open(temporary, 'w', encoding='utf-8') as f:
        json.dump(data, f, **kwargs)
