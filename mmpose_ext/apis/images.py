"""Checks a caller's images and boxes before a network sees them."""

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import mmcv
import numpy as np

from ..datasets.image_decoding import ImageDataError, decode_image
from ..utils.errors import UserError

ImageInput = str | os.PathLike | np.ndarray


class InputError(UserError):
    """An image or a box that cannot be used for a prediction."""


def load_image(path: str | os.PathLike) -> np.ndarray:
    """Read an image file.

    Gray, palette and 16-bit files become 8-bit color, transparency is dropped, and the
    picture is turned as Exif says, all as in MMPose's loader.

    Args:
        path (str | os.PathLike): A JPEG, PNG, BMP or WebP file.

    Returns:
        np.ndarray: (H, W, 3) uint8, BGR.

    Raises:
        InputError: If the file is missing, damaged, or of another format.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f'cannot read image {path}: {error.strerror or error}', 'check the path'
        ) from error
    try:
        return decode_image(data, functools.partial(mmcv.imfrombytes, backend='cv2'))
    except ImageDataError as error:
        raise InputError(
            f'image {path} cannot be used: {error}', 'replace or convert the file'
        ) from error


def as_image(image: ImageInput, name: str = 'the image') -> np.ndarray:
    """Return an image in the form that networks here take.

    >>> as_image(np.zeros((4, 5), np.uint8)).shape
    (4, 5, 3)
    >>> as_image(np.zeros((4, 5, 3)), 'frame 7')
    Traceback (most recent call last):
    mmpose_ext.apis.images.InputError: frame 7 has values of type float64; give ...

    Args:
        image (str | os.PathLike | np.ndarray): A file, or an array of uint8: (H, W) or
            (H, W, 1) gray, (H, W, 3) BGR, or (H, W, 4) BGR and alpha.
        name (str): What errors call an array.

    Returns:
        np.ndarray: (H, W, 3) uint8, BGR.

    Raises:
        InputError: If it is not an image, is empty, or has another depth than 8 bits.
    """
    if isinstance(image, (str, os.PathLike)):
        return load_image(image)
    if not isinstance(image, np.ndarray):
        raise InputError(
            f'{name} is of type {type(image).__name__}',
            'give a path, or an array (height, width, 3) of uint8 in the order BGR',
        )
    if image.dtype != np.uint8:
        raise InputError(
            f'{name} has values of type {image.dtype}',
            'give uint8, 0 to 255: np.clip(image, 0, 255).astype(np.uint8), after '
            'dividing 16-bit values by 257',
        )
    channels = 1 if image.ndim == 2 else image.shape[-1]
    if image.ndim not in (2, 3) or channels not in (1, 3, 4):
        raise InputError(
            f'{name} has the shape {image.shape}',
            'give (height, width, 3), or gray (height, width)',
        )
    if image.size == 0:
        raise InputError(f'{name} is empty: its shape is {image.shape}', 'leave it out')
    if channels == 1:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(image[..., :3])


def as_images(images: Any) -> list[ImageInput]:
    """Return one or more images as a list.

    A single path is one image, and so is a single array.
    """
    alone = isinstance(images, (str, os.PathLike, np.ndarray))
    return [images] if alone else list(images)


def check_boxes(
    boxes: Any, size: tuple[int, int], name: str = 'the image'
) -> np.ndarray:
    """Return boxes with their scores; raise an error that names an unusable one.

    A box may reach beyond the image, but not lie entirely outside it.

    >>> check_boxes([[0, 0, 9, 8]], (10, 10))
    array([[0., 0., 9., 8., 1.]], dtype=float32)

    Args:
        boxes (np.ndarray | Sequence): (n, 4): left, top, right, bottom in pixels; or
            (n, 5) with a score. n may be 0.
        size (tuple[int, int]): Width and height of the image.
        name (str): What errors call the image.

    Returns:
        np.ndarray: (n, 5) float32.

    Raises:
        InputError: If the shape is wrong, a value is not finite, or a box has no area
            or lies outside.
    """
    try:
        found = np.asarray(boxes, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(f'the boxes of {name} are not an array of numbers') from error
    if found.size == 0:
        return np.zeros((0, 5), np.float32)
    if found.ndim != 2 or found.shape[1] not in (4, 5):
        raise InputError(
            f'the boxes of {name} have the shape {found.shape}',
            'give (n, 4): left, top, right and bottom of each',
        )
    width, height = size
    left, top, right, bottom = found[:, :4].T
    for problem, wrong in (
        ('holds a value that is not finite', ~np.isfinite(found).all(axis=1)),
        ('has no area', (right <= left) | (bottom <= top)),
        (
            f'lies outside the {width} x {height} pixels',
            (right <= 0) | (bottom <= 0) | (left >= width) | (top >= height),
        ),
    ):
        if wrong.any():
            row = int(wrong.argmax())
            values = ', '.join(f'{value:g}' for value in found[row])
            raise InputError(
                f'box {row} of {name}, ({values}), {problem}',
                'give left, top, right, bottom in pixels of the image, or leave it out',
            )
    if found.shape[1] == 4:
        found = np.concatenate([found, np.ones((len(found), 1), np.float32)], axis=1)
    return found


def boxes_by_image(boxes: Any, count: int, alone: bool) -> list[Any]:
    """Sort the caller's boxes by image.

    Args:
        boxes (Any): None, or the boxes of a single image, or a sequence with an entry
            for each image, which may be None.
        count (int): Number of images.
        alone (bool): Whether a single image was given, not a list.

    Returns:
        list: The boxes of each image, or None; ``count`` entries.

    Raises:
        InputError: If their number differs from the images'.
    """
    if boxes is None:
        return [None] * count
    if alone:
        return [boxes]
    if not isinstance(boxes, (Sequence, np.ndarray)) or len(boxes) != count:
        given = len(boxes) if hasattr(boxes, '__len__') else 'no list of'
        raise InputError(
            f'{given} entries of boxes for {count} images',
            'give a list with the boxes of each image, or None for one to be searched',
        )
    return list(boxes)
