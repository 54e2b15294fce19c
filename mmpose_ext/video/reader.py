"""Video files, frame by frame."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ..utils.errors import UserError


def read_video(path: str | os.PathLike) -> tuple[float, Iterator[np.ndarray]]:
    """Open a video.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        tuple[float, Iterator]: Frames per second, as the file states, and the frames:
        (H, W, 3) uint8, BGR.

    Raises:
        UserError: If it is not a video that OpenCV reads, or has no frame.
    """
    if not Path(path).is_file():
        raise UserError(f'no video {path}', 'check the path')
    capture = cv2.VideoCapture(str(path))
    good, first = capture.read() if capture.isOpened() else (False, None)
    if not good or first is None:
        capture.release()
        raise UserError(
            f'{path} is not a video that OpenCV can read, or it has no frame',
            'convert it, for example to an .mp4 with H.264',
        )
    return capture.get(cv2.CAP_PROP_FPS), _frames(capture, first)


def _frames(capture: cv2.VideoCapture, first: np.ndarray) -> Iterator[np.ndarray]:
    try:
        good, frame = True, first
        while good:
            yield frame
            good, frame = capture.read()
    finally:
        capture.release()
