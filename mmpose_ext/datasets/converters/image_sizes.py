"""Reads the sizes of image files without decoding more than necessary."""

import os
from pathlib import Path

from ...utils import UserError
from ..image_decoding import ImageDataError, decode_image, read_header
from .report import SplitReport


def image_size(path: str | os.PathLike, verify: bool = False) -> tuple[int, int]:
    """Read width and height of an image file.

    Args:
        path (str | os.PathLike): The file.
        verify (bool): Whether to decode the whole file, which finds truncated ones;
            otherwise only the header is read.

    Returns:
        tuple[int, int]: Width and height as stored, regardless of the Exif orientation.

    Raises:
        FileNotFoundError: If the file does not exist.
        OSError: If it cannot be read, is damaged, or is not an image that the loader
            accepts (see :mod:`..image_decoding`); the message is short.
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
    """Call :func:`image_size`, and note failures in a report instead of raising.

    Args:
        path (Path): The file.
        report (SplitReport): Report that gets missing and unreadable images.
        verify (bool): Whether to decode the whole file.

    Returns:
        tuple[int, int] | None: Width and height; None if the image cannot be used.
    """
    try:
        return image_size(path, verify)
    except FileNotFoundError:
        report.missing.append(path.name)
    except OSError as error:
        report.unreadable.append(f'{path.name} ({error})')
    return None


def require_folder(folder: str | os.PathLike, fix: str) -> Path:
    """Return a folder as a path after checking that it exists.

    Args:
        folder (str | os.PathLike): The folder.
        fix (str): What the user can do if it does not exist.

    Returns:
        Path: The folder.

    Raises:
        UserError: If the folder does not exist.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f'image folder {folder} does not exist', fix)
    return folder
