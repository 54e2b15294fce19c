"""File backend for MMEngine with atomic writes."""

import contextlib
import os
from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from ...utils.errors import UserError

_PARTIAL = '.partial'


@register_backend('atomic', force=True)
class AtomicBackend(LocalBackend):
    """Local files, written so that a kill or a power failure cannot damage them.

    A file is written under the name ``.NAME.partial``, flushed to the disk and only
    then renamed. An existing file ``NAME`` is kept until then. A config selects
    this backend with ``backend_args=dict(backend='atomic')``;
    :class:`.SafeCheckpointHook` does so by default. Reading is inherited from
    MMEngine.
    """

    def put(self, obj: bytes, filepath: str | os.PathLike) -> None:
        """Write bytes to a file atomically.

        Args:
            obj (bytes): The content.
            filepath (str | os.PathLike): The file; its folder is created if necessary.

        Raises:
            UserError: If it cannot be written, for example because the disk is full;
                the partial file is removed.
        """
        target = Path(filepath)
        partial = target.with_name(f'.{target.name}{_PARTIAL}')
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(partial, 'wb') as file:
                file.write(obj)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise UserError(
                f'cannot write {target}: {error.strerror}',
                'make room on its disk or choose another folder with --work-dir; '
                'earlier checkpoints are intact, and --resume continues from them',
            ) from error
        _sync_folder(target.parent)

    def put_text(
        self, obj: str, filepath: str | os.PathLike, encoding: str = 'utf-8'
    ) -> None:
        """Write a text file atomically; see :meth:`put`."""
        self.put(obj.encode(encoding), filepath)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, on file systems where this is possible."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_partial_files(folder: str | os.PathLike, suffix: str = '.pth') -> list[str]:
    """Remove partial files that a killed :class:`AtomicBackend` left behind.

    Args:
        folder (str | os.PathLike): The folder; no other process may be writing there.
        suffix (str): Suffix of the files. Default: '.pth'.

    Returns:
        list[str]: Names of the removed files.
    """
    leftovers = sorted(Path(folder).glob(f'.*{suffix}{_PARTIAL}'))
    for file in leftovers:
        file.unlink(missing_ok=True)
    return [file.name for file in leftovers]
