"""Decoding of image files, with checks that they are valid and complete."""

import io
from collections.abc import Callable
from typing import NamedTuple

import cv2
import mmcv
import numpy as np
from PIL import ExifTags, Image

from .jpeg_scans import JpegScans, lacks_data, looks_cut, read_scans

#: Accepted formats, recognized by the content. OpenCV reads more, but its readers of
#: rare formats, such as JPEG 2000, crash the process on damaged files.
FORMATS = ('JPEG', 'PNG', 'BMP', 'WEBP')
_JPEG = b'\xff\xd8'
_ENDS = {'JPEG': b'\xff\xd9', 'PNG': b'IEND\xaeB`\x82'}


class ImageDataError(ValueError):
    """An image file whose content cannot be used; the message is a few words."""


class ImageHeader(NamedTuple):
    """Contents of an image file's header.

    Attributes:
        format (str): One of :data:`FORMATS`.
        size (tuple[int, int]): Width and height as stored.
        orientation (int): Exif orientation; 1 if there is none. Orientations 5 to 8
            exchange width and height.
    """

    format: str
    size: tuple[int, int]
    orientation: int


def read_header(data: bytes) -> ImageHeader:
    """Read the header of an image file.

    Args:
        data (bytes): The file's content.

    Returns:
        ImageHeader: Format, size and orientation.

    Raises:
        ImageDataError: If it is not an image of one of :data:`FORMATS`, or claims
            more pixels than Pillow decodes (a decompression bomb).
    """
    if data.startswith(_JPEG):
        size = _jpeg_frame(data).size
        return ImageHeader('JPEG', size, _orientation(data))
    image = _open(data)
    return ImageHeader(str(image.format), image.size, _orientation(data))


def _orientation(data: bytes) -> int:
    """Read the Exif orientation, 1 to 8; 1 if it cannot be read, as in OpenCV."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # see _open
        return 1
    return found if found in range(1, 9) else 1


def _jpeg_frame(data: bytes) -> JpegScans:
    """Read a JPEG's markers up to its first scan, in a third of Pillow's time."""
    first = read_scans(data, to_end=False)
    if not first.scans or 0 in first.size:
        raise ImageDataError('the header of the JPEG is damaged')
    pixels, limit = first.size[0] * first.size[1], 2 * (Image.MAX_IMAGE_PIXELS or 0)
    if limit and pixels > limit:
        raise ImageDataError(
            f'Image size ({pixels} pixels) exceeds limit of {limit} pixels'
        )
    return first


def _open(data: bytes) -> Image.Image:
    """Open with Pillow, which reads only the header."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageDataError(str(error).split(',')[0]) from None
    except Exception:  # Pillow's readers may raise anything on damaged bytes
        raise ImageDataError(_refusal(data)) from None


def _refusal(data: bytes) -> str:
    """Explain why the data are in none of the formats."""
    if not data:
        return 'the file is empty'
    for name, start in (
        ('GIF', b'GIF8'),
        ('TIFF', b'II*\0'),
        ('TIFF', b'MM\0*'),
        ('JPEG 2000', b'\0\0\0\x0cjP  '),
        ('JPEG 2000', b'\xff\x4f\xff\x51'),
        ('Git LFS pointer', b'version https://git-lfs'),
        ('HTML', b'<'),
    ):
        if data.startswith(start):
            return f'its content is {name}, not one of {", ".join(FORMATS)}'
    if data.startswith(b'\x89PNG'):
        return 'the header of the PNG is damaged'
    return f'not an image: its content is not one of {", ".join(FORMATS)}'


def decode_image(
    data: bytes,
    decode: Callable[[bytes], np.ndarray | None] = mmcv.imfrombytes,
    complete: set[int] | None = None,
) -> np.ndarray:
    """Decode an image file and check that it is complete.

    The header is read first, so that unusual formats and decompression bombs never
    reach the decoder. A file without its end marker is given to Pillow, which reports
    what is missing; a JPEG with an end marker is checked as described in
    :mod:`~mmpose_ext.datasets.jpeg_scans`.

    Args:
        data (bytes): The file's content.
        decode (Callable): Function from bytes to (H, W, 3) uint8, or None if they
            cannot be decoded. Defaults to MMCV's decoder: BGR, rotated according to
            Exif.
        complete (set[int], optional): Hashes of JPEGs that have passed the check by a
            second decoding (see there) and skip it from then on. Updated in place.

    Returns:
        np.ndarray: The result of ``decode``.

    Raises:
        ImageDataError: If the image cannot be used.
    """
    frame = _jpeg_frame(data) if data.startswith(_JPEG) else None
    kind = 'JPEG' if frame else str(_open(data).format)
    if kind not in _ENDS or not data.endswith(_ENDS[kind]):
        _require_all(data)
    image = _decoded(data, decode)
    if image is None:
        raise ImageDataError(f'the {kind} cannot be decoded')
    if frame:
        done = set() if complete is None else complete
        _check_jpeg(data, frame, image, done)
    return image


def _require_all(data: bytes) -> None:
    image = _open(data)
    try:
        image.load()
    except Exception as error:  # see _open
        reason = str(error).split('\n')[0] or type(error).__name__
        raise ImageDataError(reason) from None


def _decoded(data: bytes, decode: Callable) -> np.ndarray | None:
    try:
        return decode(data)
    except cv2.error as error:
        reason = str(error.err or error).strip().split('\n')[0]
        raise ImageDataError(f'OpenCV refuses it: {reason}') from None


def _check_jpeg(
    data: bytes,
    frame: JpegScans,
    image: np.ndarray,
    complete: set[int],
) -> None:
    """Raise if rows or scans are missing."""
    # After conversion from CMYK, missing data have no fixed color.
    several = not frame.interleaved or len(frame.components) > 3
    if not several and not looks_cut(image):
        return
    if (key := hash(data)) in complete:
        return
    scans = read_scans(data)
    if not scans.interleaved and scans.lacks_scans():
        raise ImageDataError('scans of the JPEG are missing')
    if scans.end >= 0 and lacks_data(data, scans, image):
        raise ImageDataError('rows or scans of the JPEG are missing')
    complete.add(key)
