"""Frames of AVI files, exactly by number."""

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
    """What an AVI file says of itself.

    Attributes:
        frames (int): Number of frames.
        width (int): Pixels.
        height (int): Pixels.
    """

    frames: int
    width: int
    height: int


_FIX = 'fetch the video again'


def read_avi_header(path: str | os.PathLike) -> AviHeader:
    """Read an AVI file's header, and whether the file is as long as it says.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        AviHeader: Its size.

    Raises:
        VideoError: If it cannot be read, is no AVI file, or is truncated.
    """
    path = Path(path)
    try:
        with open(path, 'rb') as file:
            head = file.read(88)
        size = path.stat().st_size
    except OSError as error:
        raise VideoError(f'cannot read video {path}: {error.strerror}', _FIX) from None
    if len(head) < 88 or head[:4] != b'RIFF' or head[8:12] != b'AVI ':
        raise VideoError(f'{path} is no AVI file', _FIX)
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
        numbers (Sequence[int]): Frames from 0, ascending.

    Yields:
        tuple[int, np.ndarray]: The number and the image, BGR in shape (H, W, 3).

    Raises:
        VideoError: If the video ends before the last of them, or cannot be
            decoded.
    """
    # One thread each, since videos are decoded side by side.
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
