"""A file backend of MMEngine whose files appear whole or not at all."""

import contextlib
import os
from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from ...utils.errors import UserError

_PARTIAL = '.partial'


@register_backend('atomic', force=True)
class AtomicBackend(LocalBackend):
    """The local disk, with writes that survive a kill and a loss of power.

    A file is written under the name ``.NAME.partial``, flushed to the disk and only
    then renamed. Whatever stood there before stays until that moment. A config
    selects it with ``backend_args=dict(backend='atomic')``;
    :class:`.SafeCheckpointHook` does so by default. Reading is MMEngine's.
    """

    def put(self, obj: bytes, filepath: str | os.PathLike) -> None:
        """Write bytes to a file, whole or not at all.

        Args:
            obj (bytes): The content.
            filepath (str | os.PathLike): The file; its folder is made.

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
                'earlier checkpoints are whole, --resume continues from them',
            ) from error
        _sync_folder(target.parent)

    def put_text(
        self, obj: str, filepath: str | os.PathLike, encoding: str = 'utf-8'
    ) -> None:
        """Write a text file, whole or not at all; see :meth:`put`."""
        self.put(obj.encode(encoding), filepath)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; some file systems cannot, and need not."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_partial_files(folder: str | os.PathLike, suffix: str = '.pth') -> list[str]:
    """Remove what a killed :class:`AtomicBackend` left behind.

    Args:
        folder (str | os.PathLike): Where it wrote; nobody else may be writing there.
        suffix (str): Suffix of the files. Default: '.pth'.

    Returns:
        list[str]: Names of the removed files.
    """
    leftovers = sorted(Path(folder).glob(f'.*{suffix}{_PARTIAL}'))
    for file in leftovers:
        file.unlink(missing_ok=True)
    return [file.name for file in leftovers]
