"""Checks and atomic writes of picture files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .errors import UserError
from .io import atomic_write, check_output

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Formats that OpenCV writes from uint8 images, and Matplotlib from figures.
IMAGE_SUFFIXES = ('.png', '.jpg', '.jpeg', '.webp', '.bmp', '.tif', '.tiff')
FIGURE_SUFFIXES = (
    *('.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff'),
    *('.pdf', '.svg', '.eps', '.ps'),
)


def check_picture(path: str | os.PathLike, figure: bool = False) -> Path:
    """Check that a picture of this name can be written.

    Call it before any work, so that a wrong name is reported at once.

    >>> check_picture('sheet.png').name
    'sheet.png'
    >>> check_picture('sheet.txt')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: cannot write sheet.txt: '.txt' is not a \
picture's suffix; choose from .png, .jpg, .jpeg, .webp, .bmp, .tif, .tiff

    Args:
        path (str | os.PathLike): The file to write.
        figure (bool): Whether it is a figure of Matplotlib, which may be a vector
            graphic (.pdf, .svg). Default: False, an image.

    Returns:
        Path: ``path``.

    Raises:
        UserError: If the suffix is not a picture's, or :func:`check_output` fails.
    """
    target = Path(path)
    suffixes = FIGURE_SUFFIXES if figure else IMAGE_SUFFIXES
    if target.suffix.lower() not in suffixes:
        found = f'{target.suffix!r} is not' if target.suffix else 'it lacks'
        raise UserError(
            f"cannot write {target}: {found} a picture's suffix",
            f'choose from {", ".join(suffixes)}',
        )
    return check_output(target)


def write_picture(
    path: str | os.PathLike,
    picture: 'np.ndarray | Figure',
    quality: int = 95,
    dpi: int = 110,
) -> Path:
    """Write an image or a figure in the format of the file's suffix.

    Args:
        path (str | os.PathLike): The file to write; its folder is created if
            necessary.
        picture (np.ndarray | Figure): BGR, (H, W, 3) uint8, or a Matplotlib figure.
        quality (int): JPEG quality of an image, 1 to 100. Default: 95.
        dpi (int): Resolution of a figure. Default: 110.

    Returns:
        Path: ``path``.

    Raises:
        UserError: If the file cannot be written, or the format cannot hold the picture
            (a JPEG has at most 65535 pixels per side).
    """
    figure = not isinstance(picture, np.ndarray)
    target = check_picture(path, figure)
    with atomic_write(target) as temporary:
        reason = ''
        try:
            if isinstance(picture, np.ndarray):
                options = [cv2.IMWRITE_JPEG_QUALITY, quality]
                good, code = cv2.imencode(target.suffix.lower(), picture, options)
                reason = '' if good else f'{target.suffix} cannot hold {picture.shape}'
                temporary.write_bytes(code.tobytes() if good else b'')
            else:
                kind = target.suffix.lower()[1:]
                picture.savefig(temporary, dpi=dpi, format=kind)
        except (cv2.error, ValueError) as error:
            reason = ' '.join(str(error).split())
        if reason:
            raise UserError(
                f'cannot write {target}: {reason}',
                'make the picture smaller or choose another format',
            )
    return target
