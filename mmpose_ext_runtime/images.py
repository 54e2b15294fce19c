"""Converts images from files and arrays to 8-bit BGR."""

import os
from pathlib import Path

import cv2
import numpy as np

from .errors import InputError

SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp', '.tif', '.tiff')
_COLORS = {1: cv2.COLOR_GRAY2BGR, 4: cv2.COLOR_BGRA2BGR}
# Markers of where a JPEG's compressed data begin, and where a complete one ends.
_SCAN, _END = b'\xff\xda', b'\xff\xd9'


def load_image(path: str | os.PathLike) -> np.ndarray:
    """Read an image file of any mode and depth that OpenCV knows.

    Python reads the file, since OpenCV cannot open every name on every system.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        np.ndarray: (H, W, 3) uint8, BGR, turned as Exif says.

    Raises:
        InputError: If the file is missing, cut off, or not an image.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            f'cannot read the image {file}: {error.strerror or error}', 'check the path'
        ) from error
    if not data:
        raise InputError(f'the image {file} is empty', 'copy it again')
    # OpenCV fills the missing part of a JPEG with gray, without an error.
    if data.startswith(b'\xff\xd8') and _END not in data[data.rfind(_SCAN) :]:
        raise InputError(f'the image {file} is truncated', 'copy it again')
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise InputError(
            f'{file} is not an image that OpenCV can read', 'convert it to PNG or JPEG'
        )
    return image


def as_bgr(image: np.ndarray, name: str = 'the image') -> np.ndarray:
    """Bring an array into the form that everything else expects.

    >>> as_bgr(np.zeros((4, 6), np.uint16)).shape
    (4, 6, 3)

    Args:
        image (np.ndarray): (H, W), or (H, W, C) with C = 1, 3 (BGR) or 4 (BGR and
            alpha), uint8 or uint16. The upper 8 of 16 bits are used, as OpenCV does
            for files.
        name (str): What to call it in messages.

    Returns:
        np.ndarray: (H, W, 3) uint8, BGR.

    Raises:
        InputError: If the shape or type is wrong, or the image has no pixels.
    """
    fix = 'give (H, W), (H, W, 3) BGR or (H, W, 4), uint8 or uint16'
    if not isinstance(image, np.ndarray):
        raise InputError(f'{name} is a {type(image).__name__}, not an array', fix)
    shape = image.shape
    if image.ndim not in (2, 3) or (image.ndim == 3 and shape[2] not in (1, 3, 4)):
        raise InputError(f'{name} has the shape {shape}', fix)
    if 0 in shape:
        raise InputError(f'{name} is empty: its shape is {shape}', 'skip this frame')
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        raise InputError(f'{name} has values of type {image.dtype}', fix)
    channels = 1 if image.ndim == 2 else shape[2]
    if channels in _COLORS:
        image = cv2.cvtColor(image, _COLORS[channels])
    return np.ascontiguousarray(image)
