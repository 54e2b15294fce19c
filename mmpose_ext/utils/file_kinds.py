"""Recognition of files that are not checkpoints by their first bytes."""

import os
import zipfile
import zlib
from pathlib import Path

_KINDS = (
    (b'version https://git-lfs', 'is a Git LFS pointer; fetch it with "git lfs pull"'),
    (b'\x89PNG', 'is a PNG image'),
    (b'\xff\xd8\xff', 'is a JPEG image'),
    (b'\x1f\x8b', 'is gzip-compressed; unpack it first'),
    (b'\x89HDF', 'is an HDF5 file'),
)
# A pickled number that torch.save wrote before its data up to torch 1.5.
_LEGACY_TORCH = b'\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'


def describe_file(path: str | os.PathLike) -> str:
    """Describe a file that cannot be read as a checkpoint.

    Only a file that starts like a checkpoint but has no end is called truncated.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        str: A predicate, such as "is empty" or "is an HTML page".

    Examples:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     describe_file(file.name)
        'is empty'
    """
    if Path(path).is_dir():
        return 'is a folder'
    with open(path, 'rb') as file:
        head = file.read(512)
    if not head:
        return 'is empty'
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if head.startswith(b'PK\x03\x04'):
        return _describe_zip(path)
    if head.startswith(_LEGACY_TORCH):
        return 'is truncated or damaged'
    if head[:1] == b'\x80':
        return 'is a pickle that torch.save did not write'
    if head.lstrip()[:1] == b'<':
        return 'is an HTML page, perhaps of a login or an error'
    return 'is not a file that torch.save wrote'


def damaged_member(path: str | os.PathLike) -> str | None:
    """Find the first member of a zip archive whose checksum is wrong.

    Args:
        path (str | os.PathLike): Any file.

    Returns:
        str | None: Name of the member or of the damaged part of the archive itself;
        None if all are intact, or the file is not a zip archive.
    """
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip()
    except (zipfile.BadZipFile, EOFError, zlib.error):
        return 'its directory'


def _describe_zip(path: str | os.PathLike) -> str:
    if not zipfile.is_zipfile(path):  # its directory is at the end
        return 'is truncated'
    damaged = damaged_member(path)
    if damaged:
        return f'is damaged (in {damaged})'
    with zipfile.ZipFile(path) as archive:
        if not any(name.endswith('data.pkl') for name in archive.namelist()):
            return 'is a zip archive that torch.save did not write'
    return 'is damaged'
