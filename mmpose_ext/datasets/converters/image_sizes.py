"""Looking at image files without loading more than is needed."""

import os
from pathlib import Path

from ...utils import UserError
from ..image_decoding import ImageDataError, decode_image, read_header
from .report import SplitReport


def image_size(path: str | os.PathLike, verify: bool = False) -> tuple[int, int]:
    """Width and height of an image.

    Args:
        path (str | os.PathLike): The file.
        verify (bool): Decode all of it, which finds truncated files; otherwise
            only the header is looked at.

    Returns:
        tuple[int, int]: Width and height as stored, whatever the Exif
        orientation.

    Raises:
        FileNotFoundError: If there is no such file.
        OSError: If it cannot be read, is damaged, or is not an image that the loader
            takes (see :mod:`..image_decoding`); the message is short.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no image {path}')
    try:
        data = path.read_bytes()
        size = read_header(data).size
        if verify:
            decode_image(data)
        return size
    except OSError as error:
        raise OSError(error.strerror or str(error)) from None
    except ImageDataError as error:
        raise OSError(str(error)) from None


def noted_size(
    path: Path, report: SplitReport, verify: bool = False
) -> tuple[int, int] | None:
    """As :func:`image_size`, with failures noted in the report instead.

    Args:
        path (Path): The file.
        report (SplitReport): Where a missing or unreadable image is noted.
        verify (bool): Decode all of it.

    Returns:
        tuple[int, int] | None: None if the image cannot be used.
    """
    try:
        return image_size(path, verify)
    except FileNotFoundError:
        report.missing.append(path.name)
    except OSError as error:
        report.unreadable.append(f'{path.name} ({error})')
    return None


def require_folder(folder: str | os.PathLike, fix: str) -> Path:
    """The folder as a path, if it is there.

    Args:
        folder (str | os.PathLike): The folder.
        fix (str): What the user can do otherwise.

    Returns:
        Path: The folder.

    Raises:
        UserError: If there is none.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f'no image folder {folder}', fix)
    return folder
