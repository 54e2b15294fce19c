"""JPEG files that appear whole or not at all."""

import os

import cv2
import numpy as np

from .errors import UserError
from .io import atomic_write


def write_jpeg(path: str | os.PathLike, image: np.ndarray, quality: int = 95) -> None:
    """Write an image as JPEG.

    Args:
        path (str | os.PathLike): The file.
        image (np.ndarray): BGR, (H, W, 3) uint8.
        quality (int): 1 to 100.

    Raises:
        UserError: If it cannot be written.
    """
    good, code = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise UserError(f'cannot encode {path}')
    with atomic_write(path) as temporary:
        temporary.write_bytes(code.tobytes())
