"""Check that the entropy-coded data of a JPEG are complete.

libjpeg fills missing parts with mid-gray, or leaves a progressive picture blurred,
and only prints a warning to standard error, which neither OpenCV nor Pillow passes
on. An end marker at the end of the file proves nothing: repair tools and interrupted
uploads append one.
"""

import io
import re
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
# Inside entropy-coded data a marker is an 0xFF that is neither stuffed (00), a
# restart marker (D0 to D7), nor a fill byte (FF).
_NEXT_MARKER = re.compile(rb'\xff[^\x00\xd0-\xd7\xff]')
_FILL = 128  # value of every component where data are missing
_JUNK = bytes(range(1, 255)) * 4


@dataclass
class JpegScans:
    """Frame and scans of a JPEG according to its markers.

    Attributes:
        size (tuple[int, int]): Width and height; (0, 0) without a frame.
        components (set[int]): Identifiers of the color components of the frame.
        progressive (bool): Whether the frame is progressive.
        scans (list[tuple]): The components of each scan, its first and last
            coefficient (0 to 63), and the number of low bits that it leaves out.
        end (int): Offset of the end marker; -1 if there is none.
    """

    size: tuple[int, int] = (0, 0)
    components: set[int] = field(default_factory=set)
    progressive: bool = False
    scans: list[tuple[tuple[int, ...], int, int, int]] = field(default_factory=list)
    end: int = -1

    @property
    def interleaved(self) -> bool:
        """Whether a single scan holds everything, as in most photographs."""
        return (
            not self.progressive
            and bool(self.scans)
            and set(self.scans[0][0]) >= self.components
        )

    def lacks_scans(self) -> bool:
        """Check whether any coefficient of any component is never coded in full."""
        for component in self.components:
            missing = set(range(64))
            for members, first, last, low_bits in self.scans:
                if component in members and low_bits == 0:
                    missing -= set(range(first, last + 1))
            if missing:
                return True
        return False


def read_scans(data: bytes, to_end: bool = True) -> JpegScans:
    """Walk through the markers of a JPEG.

    Args:
        data (bytes): The file's content.
        to_end (bool): Whether to walk to the end marker; otherwise only to the first
            scan, which takes microseconds. Default: True.

    Returns:
        JpegScans: Frame and scans as far as the markers can be followed. Embedded
        thumbnails and anything after the end marker are ignored.
    """
    found = JpegScans()
    position = 2
    while 0 <= position < len(data) - 1:
        position = data.find(b'\xff', position)
        if position < 0 or position + 1 >= len(data):
            break
        marker = data[position + 1]
        if marker == _EOI:
            found.end = position
            break
        if marker in (0x00, 0x01, 0xFF, _SOI) or 0xD0 <= marker <= 0xD7:
            position += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], 'big')
        segment = data[position + 4 : position + 2 + length]
        position += 2 + length
        if marker in _START_OF_FRAME and len(segment) >= 6:
            found.progressive = marker in _PROGRESSIVE
            height, width = segment[1:3], segment[3:5]
            found.size = int.from_bytes(width, 'big'), int.from_bytes(height, 'big')
            found.components = set(segment[6::3][: segment[5]])
        elif marker == _SOS and len(segment) >= 4:
            found.scans.append(_scan(segment))
            if not to_end:
                break
            after = _NEXT_MARKER.search(data, position)
            position = after.start() if after else len(data)
    return found


def _scan(segment: bytes) -> tuple[tuple[int, ...], int, int, int]:
    """Parse a scan header: components, first and last coefficient, low bits."""
    count = segment[0]
    members = tuple(segment[1 : 1 + 2 * count : 2])
    first, last, bits = (*segment[1 + 2 * count : 4 + 2 * count], 0, 0, 0)[:3]
    return members, first, last, bits & 0x0F


def looks_cut(image: np.ndarray) -> bool:
    """Check whether a corner of an image has the color that libjpeg fills in.

    The missing end of a single scan lies at the lower right or, after an Exif
    rotation, in another corner.

    Args:
        image (np.ndarray): (H, W) or (H, W, C) uint8.

    Returns:
        bool: True for all truncated images and for a few complete ones, which
        :func:`lacks_data` tells apart.
    """
    for row in (0, -1):
        for column in (0, -1):
            pixel = image[row, column].tolist()
            colors = pixel[:3] if isinstance(pixel, list) else [pixel]
            if all(value == _FILL for value in colors):
                return True
    return False


def lacks_data(data: bytes, scans: JpegScans, image: np.ndarray) -> bool:
    """Check whether a decoder runs out of entropy-coded data before the end marker.

    The file is decoded again with extra bytes before the end marker. A decoder with
    complete data skips them; one that lacks data decodes them to other pixels. Pillow
    decodes, since OpenCV would print a warning about the extra bytes.

    Args:
        data (bytes): The file's content.
        scans (JpegScans): Its markers; ``end`` must be known.
        image (np.ndarray): The image as decoded by OpenCV, BGR or gray, which saves a
            third decoding if Pillow's result is the same.

    Returns:
        bool: True if rows, or passes of a progressive image, are incomplete. Data
            missing or wrong in the middle, and a cut within the last block, are not
            detected.
    """
    other = _pixels(data[: scans.end] + _JUNK + data[scans.end :])
    if other is not None and np.array_equal(other, image):
        return False
    whole = _pixels(data)
    return whole is not None and (other is None or not np.array_equal(other, whole))


def _pixels(data: bytes) -> np.ndarray | None:
    """Decode in OpenCV's channel order, without rotation; None on an error."""
    try:
        with Image.open(io.BytesIO(data), formats=('JPEG',)) as image:
            pixels = np.asarray(image)
    except Exception:  # Pillow's readers may raise anything on damaged bytes
        return None
    return pixels[..., ::-1] if pixels.ndim == 3 else pixels
