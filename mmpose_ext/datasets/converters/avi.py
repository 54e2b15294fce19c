"""Frame-exact reading of AVI files."""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ...utils import UserError


class VideoError(UserError):
    """A video that is missing, truncated or cannot be decoded."""


class AviHeader(NamedTuple):
    """Contents of an AVI file's header.

    Attributes:
        frames (int): Number of frames.
        width (int): Width in pixels.
        height (int): Height in pixels.
    """

    frames: int
    width: int
    height: int


_FIX = 'fetch the video again'


def read_avi_header(path: str | os.PathLike) -> AviHeader:
    """Read an AVI file's header and check that the file is as long as it says.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        AviHeader: Number and size of the frames.

    Raises:
        VideoError: If it cannot be read, is not an AVI file, or is truncated.
    """
    path = Path(path)
    try:
        with open(path, 'rb') as file:
            head = file.read(88)
        size = path.stat().st_size
    except OSError as error:
        raise VideoError(f'cannot read video {path}: {error.strerror}', _FIX) from None
    if len(head) < 88 or head[:4] != b'RIFF' or head[8:12] != b'AVI ':
        raise VideoError(f'{path} is not an AVI file', _FIX)
    (stated,) = struct.unpack_from('<I', head, 4)
    if stated + 8 > size:
        raise VideoError(f'{path} is truncated: {size} of {stated + 8} bytes', _FIX)
    if head[24:28] != b'avih':
        raise VideoError(f'{path} has no AVI header', _FIX)
    fields = struct.unpack_from('<14I', head, 32)
    return AviHeader(fields[4], fields[8], fields[9])


def read_frames(
    path: str | os.PathLike, numbers: Sequence[int]
) -> Iterator[tuple[int, np.ndarray]]:
    """Decode some frames of a video.

    The video is decoded from its start, since seeking is off by some frames in
    files with few key frames.

    Args:
        path (str | os.PathLike): The file.
        numbers (Sequence[int]): Numbers of the frames, from 0, ascending.

    Yields:
        tuple[int, np.ndarray]: The number and the image, BGR in shape (H, W, 3).

    Raises:
        VideoError: If the video cannot be decoded or ends before the last of these
            frames.
    """
    # One thread per video, since several videos are decoded in parallel.
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    try:
        if not capture.isOpened():
            raise VideoError(f'video {path} cannot be decoded', _FIX)
        passed = 0
        for number in numbers:
            while passed <= number:
                if not capture.grab():
                    raise VideoError(
                        f'video {path} ends after {passed} frames, before frame '
                        f'{number + 1}',
                        _FIX,
                    )
                passed += 1
            good, image = capture.retrieve()
            if not good:
                raise VideoError(
                    f'frame {number + 1} of video {path} cannot be decoded', _FIX
                )
            yield number, image
    finally:
        capture.release()
