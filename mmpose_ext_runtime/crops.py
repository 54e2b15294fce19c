"""Converts images to the network's input, and points back to the image.

The arithmetic is that of MMPose's ``GetBBoxCenterScale``, ``TopdownAffine`` and
``BottomupResize``, so the pixels are the same.
"""

from typing import NamedTuple

import cv2
import numpy as np

from .errors import InputError
from .manifest import Manifest

ARRAY = np.ndarray


class Crop(NamedTuple):
    """A part of an image at the network's input size.

    Attributes:
        pixels (np.ndarray): (H, W, 3) uint8, BGR.
        center (np.ndarray): (2,), center of the part in the image.
        scale (np.ndarray): (2,), width and height of the part in the image.
    """

    pixels: ARRAY
    center: ARRAY
    scale: ARRAY

    def to_image(self, points: ARRAY) -> ARRAY:
        """Map points from the network's input into the image.

        Args:
            points (np.ndarray): The points, (..., 2).
        """
        height, width = self.pixels.shape[:2]
        return points / (width, height) * self.scale + self.center - 0.5 * self.scale


def check_boxes(boxes: ARRAY, shape: tuple[int, ...], name: str = 'the image') -> ARRAY:
    """Return boxes as an array; raise an error that names an unusable one.

    Args:
        boxes (array-like): (n, 4): left, top, right and bottom in pixels. A box may
            reach beyond the image.
        shape (tuple[int, ...]): Shape of the image, height first.
        name (str): What to call the image in messages.

    Returns:
        np.ndarray: (n, 4) float32.

    Raises:
        InputError: If a box is not four finite numbers, has no area, or lies outside.
    """
    try:
        found = np.asarray(boxes, dtype=np.float32)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.size == 0 and not len(np.atleast_1d(boxes)):
        return np.zeros((0, 4), np.float32)
    if found.ndim != 2 or found.shape[1] != 4:
        raise InputError(
            f'the boxes of {name} are not rows of four numbers',
            'give left, top, right and bottom in pixels for each person',
        )
    height, width = shape[:2]
    for number, (left, top, right, bottom) in enumerate(found.tolist(), start=1):
        box = f'box {number} of {name} ({left:g}, {top:g}, {right:g}, {bottom:g})'
        if not np.isfinite([left, top, right, bottom]).all():
            raise InputError(f'{box} is not finite', 'leave it out')
        if right <= left or bottom <= top:
            raise InputError(
                f'{box} has no area', 'give left, top, right, bottom, or leave it out'
            )
        if right <= 0 or bottom <= 0 or left >= width or top >= height:
            raise InputError(
                f'{box} lies outside the {width} x {height} pixels', 'leave it out'
            )
    return found


def crop_person(image: ARRAY, box: ARRAY, manifest: Manifest) -> Crop:
    """Cut out a person at the network's input size.

    Args:
        image (np.ndarray): (H, W, 3) uint8, BGR.
        box (np.ndarray): (4,) float32: left, top, right and bottom.
        manifest (Manifest): The network's manifest.

    Returns:
        Crop: The part of the image with the input's aspect ratio around the box.
    """
    width, height = manifest.input_size
    ratio = width / height
    center = (box[2:] + box[:2]) * 0.5
    w, h = (box[2:] - box[:2]) * np.float32(manifest.padding)
    scale = np.array((w, w / ratio) if w > h * ratio else (h * ratio, h))
    if manifest.udp:
        matrix = _unbiased_matrix(center, scale, (width, height))
    else:
        matrix = _matrix(center, scale, (width, height))
    pixels = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return Crop(pixels, center, scale)


def letterbox(image: ARRAY, manifest: Manifest) -> Crop:
    """Fit a whole image into the network's input, with a border around it.

    Args:
        image (np.ndarray): (H, W, 3) uint8, BGR.
        manifest (Manifest): The network's manifest.

    Returns:
        Crop: The image and its border.
    """
    height, width = image.shape[:2]
    input_w, input_h = manifest.input_size
    ratio = width / height
    center = np.array([width / 2, height / 2], np.float32)
    scale = np.array(
        [
            width * input_w / min(input_w, input_h * ratio),
            height * input_h / min(input_h, input_w / ratio),
        ],
        np.float32,
    )
    pixels = cv2.warpAffine(
        image,
        _matrix(center, scale, (input_w, input_h)),
        (input_w, input_h),
        flags=cv2.INTER_LINEAR,
        borderValue=manifest.pad_value,
    )
    return Crop(pixels, center, scale)


def to_input(crops: list[Crop], manifest: Manifest) -> ARRAY:
    """Stack crops into the input of the graph.

    Args:
        crops (list[Crop]): The N crops.
        manifest (Manifest): The network's manifest.

    Returns:
        np.ndarray: (N, H, W, 3) uint8 if the graph normalizes, else (N, 3, H, W)
        float32.
    """
    pixels = np.stack([crop.pixels for crop in crops])
    if manifest.input_order == 'rgb':
        pixels = pixels[..., ::-1]
    if manifest.normalize:
        return np.ascontiguousarray(pixels)
    mean, std = (np.asarray(v, np.float32) for v in (manifest.mean, manifest.std))
    return np.ascontiguousarray(((pixels - mean) / std).transpose(0, 3, 1, 2))


def _matrix(center: ARRAY, scale: ARRAY, size: tuple[int, int]) -> ARRAY:
    """Return the affine map from a part of the image to the input, (2, 3)."""
    width, height = size
    left = center - np.array([scale[0] * 0.5, 0.0])
    source = np.zeros((3, 2), np.float32)
    source[0], source[1] = center, left
    target = np.zeros((3, 2), np.float32)
    target[0], target[1] = (width * 0.5, height * 0.5), (0.0, height * 0.5)
    for points in (source, target):
        dx, dy = points[0] - points[1]
        points[2] = points[1] + np.array([-dy, dx])
    return cv2.getAffineTransform(source, target)


def _unbiased_matrix(center: ARRAY, scale: ARRAY, size: tuple[int, int]) -> ARRAY:
    """Return the map of :func:`_matrix` from pixel center to pixel center (UDP)."""
    matrix = np.zeros((2, 3), np.float32)
    for axis in range(2):
        factor = (size[axis] - 1) / scale[axis]
        matrix[axis, axis] = factor
        matrix[axis, 2] = factor * (0.5 * scale[axis] - center[axis])
    return matrix
