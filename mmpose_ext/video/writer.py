"""Writes video files, which appear under their names only when they are closed."""

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from ..utils.errors import UserError
from ..utils.io import atomic_write, check_output
from .gif import GifWriter

# Containers that OpenCV writes, each with a codec that every build of it has.
CODECS = {'.mp4': 'mp4v', '.avi': 'MJPG', '.mkv': 'mp4v', '.mov': 'mp4v'}
GIF = '.gif'
SUFFIXES = (*CODECS, GIF)


def check_video(path: str | os.PathLike) -> Path:
    """Check that a video of this name can be written, before any work.

    >>> check_video('out.mp4').name
    'out.mp4'
    >>> check_video('out.png')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: cannot write out.png: '.png' is not a video's ...

    Args:
        path (str | os.PathLike): The file to write.

    Returns:
        Path: ``path``.

    Raises:
        UserError: If the suffix is not a video's, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise UserError(
            f"cannot write {target}: {target.suffix!r} is not a video's suffix",
            f'choose from {", ".join(SUFFIXES)}',
        )
    return check_output(target)


class VideoFile:
    """A video that appears under its name when it is closed.

    If an error or the user ends it early, the frames so far are kept.

    Args:
        path (str | os.PathLike): The file, with a suffix of :data:`SUFFIXES`.
        fps (float): Frames per second.

    Raises:
        UserError: See :func:`check_video`; on entering, if it cannot be written.
    """

    def __init__(self, path: str | os.PathLike, fps: float) -> None:
        self.path = check_video(path)
        # Containers cannot hold other rates; some cameras claim 0 or nan.
        self.fps = fps if 1 <= fps <= 240 else 25.0
        self._stack = ExitStack()
        self._writer: cv2.VideoWriter | GifWriter | None = None
        self._size = (0, 0)
        self.written = 0

    def __enter__(self) -> 'VideoFile':
        self._temporary = self._stack.enter_context(atomic_write(self.path))
        return self

    def write(self, frame: np.ndarray) -> None:
        """Append a frame (H, W, 3), uint8, BGR; the first sets the video's size."""
        if self._writer is None:
            self._size = (frame.shape[1], frame.shape[0])
            self._writer = self._open()
            if not self._writer.isOpened():
                raise UserError(
                    f'cannot write {self.path}: OpenCV has no encoder for it',
                    'choose a file that ends in .avi',
                )
        if (frame.shape[1], frame.shape[0]) != self._size:
            frame = cv2.resize(frame, self._size)
        self._writer.write(frame)
        self.written += 1

    def _open(self) -> cv2.VideoWriter | GifWriter:
        suffix = self.path.suffix.lower()
        if suffix == GIF:
            return GifWriter(self._temporary, self.fps)
        code = cv2.VideoWriter.fourcc(*CODECS[suffix])
        return cv2.VideoWriter(str(self._temporary), code, self.fps, self._size)

    def write_until(self, frame: np.ndarray, seconds: float) -> None:
        """Append a frame as often as it takes to reach a moment of a live stream.

        Pictures of a live stream do not come at a fixed rate, and some are dropped.

        Args:
            frame (np.ndarray): The frame; see :meth:`write`.
            seconds (float): When the frame was taken, from the video's beginning.
        """
        due = int(seconds * self.fps) + 1 - self.written
        # A camera that was gone for an hour must not add an hour of one picture.
        for _ in range(min(due, int(2 * self.fps))):
            self.write(frame)
        self.written += max(0, due - int(2 * self.fps))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.release()
        # An interrupted video is kept up to there; one without a frame is not written.
        if not self.written:
            nothing = error or EOFError()
            self._stack.__exit__(type(nothing), nothing, None)
        else:
            self._stack.__exit__(None, None, None)
