"""Sources of frames: cameras, network streams, video files, folders of images.

A camera that stops answering does not end its stream: it is opened again until it
answers, with a message when it is lost and when it is back.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from ..apis.images import load_image
from ..apis.inputs import IMAGES
from ..utils.errors import UserError
from .reader import read_video


@dataclass(frozen=True)
class Frame:
    """A picture of a stream.

    Attributes:
        number (int): Its number in the source, from 0, counting dropped ones.
        image (np.ndarray): (H, W, 3) uint8, BGR.
        captured (float): When it arrived, on the clock of :func:`time.monotonic`.
        seconds (float): Its time in the stream, from the beginning.
    """

    number: int
    image: np.ndarray
    captured: float
    seconds: float


class Source(Protocol):
    """A stream of pictures.

    Attributes:
        name (str): Its name in messages.
        live (bool): Whether pictures come, and get stale, without being asked for.
        fps (float): Pictures per second; 0 if the source does not know.
    """

    name: str
    live: bool
    fps: float

    def read(self) -> np.ndarray | None:
        """Return the next picture, (H, W, 3) uint8 BGR; None at the end."""
        ...

    def close(self) -> None:
        """End the stream; a ``read`` that waits returns None."""
        ...


def open_camera(address: int | str) -> cv2.VideoCapture:
    """Open a camera with OpenCV, which buffers at most one old picture."""
    try:
        capture = cv2.VideoCapture(address)
    except cv2.error as error:  # an index too large for a C integer
        raise UserError(f'cannot open camera {address}', _fix_of(address)) from error
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


class CameraSource:
    """A camera, by its index, or a stream, by its address (RTSP, HTTP).

    Args:
        address (int | str): The index or the address.
        say (Callable[[str], None]): Called with a message when the camera is lost and
            when it is back.
        opener (Callable): Opens it; what it returns has ``read``, ``get``,
            ``isOpened`` and ``release`` of :class:`cv2.VideoCapture`.
        retry (float): Seconds between attempts to open it again. Default: 1.

    Raises:
        UserError: If it cannot be opened at first.
    """

    live = True

    def __init__(
        self,
        address: int | str,
        say: Callable[[str], None] = print,
        opener: Callable[[Any], Any] = open_camera,
        retry: float = 1.0,
    ) -> None:
        self.name = f'camera {address}' if isinstance(address, int) else address
        self.address, self.say, self.opener, self.retry = address, say, opener, retry
        self._closed = threading.Event()
        self._capture = opener(address)
        if not self._capture.isOpened():
            self._capture.release()
            raise UserError(f'cannot open {self.name}', _fix_of(address))
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = rate if np.isfinite(rate) and rate > 0 else 0.0

    def read(self) -> np.ndarray | None:
        """Return the newest picture, waiting for a camera that is gone."""
        lost_at: float | None = None
        while not self._closed.is_set():
            good, image = self._capture.read()
            if good and image is not None and image.size:
                if lost_at is not None:
                    away = time.monotonic() - lost_at
                    self.say(f'{self.name} is back after {away:.0f} s')
                return image
            if lost_at is None:
                lost_at = time.monotonic()
                self.say(f'{self.name} gives no pictures; trying again until it does')
            self._capture.release()
            if self._closed.wait(self.retry):
                break
            self._capture = self.opener(self.address)
        self._capture.release()
        return None

    def close(self) -> None:
        """End the stream; a ``read`` that waits for the camera returns None."""
        self._closed.set()


def _fix_of(address: int | str) -> str:
    if isinstance(address, int):
        return (
            'check that it is plugged in and that no other program uses it; cameras '
            'count from 0'
        )
    return 'check the address, and that what it names is on and can be reached'


class FileSource:
    """A video file; every frame is read.

    Args:
        path (str | os.PathLike): The file.

    Raises:
        UserError: If it cannot be read; see :func:`.reader.read_video`.
    """

    live = False

    def __init__(self, path: str | os.PathLike) -> None:
        self.name = os.fspath(path)
        self.fps, self._frames = read_video(path)

    def read(self) -> np.ndarray | None:
        """Return the next frame."""
        return next(self._frames, None)

    def close(self) -> None:
        """Return no more frames."""
        self._frames = iter(())


class FolderSource:
    """The images of a folder, in the order of their names.

    Args:
        path (str | os.PathLike): The folder.
        fps (float): Assumed number of pictures per second. Default: 25.
        say (Callable[[str], None]): Called with a message on each image that cannot be
            used.

    Raises:
        UserError: If it holds no image.
    """

    live = False

    def __init__(
        self,
        path: str | os.PathLike,
        fps: float = 25.0,
        say: Callable[[str], None] = print,
    ) -> None:
        self.name, self.fps, self.say = os.fspath(path), fps, say
        files = sorted(p for p in Path(path).iterdir() if p.suffix.lower() in IMAGES)
        if not files:
            raise UserError(
                f'folder {path} holds no image', f'images end in {", ".join(IMAGES)}'
            )
        self._files = iter(files)

    def read(self) -> np.ndarray | None:
        """Return the next image that can be used."""
        for file in self._files:
            try:
                return load_image(file)
            except UserError as error:
                self.say(f'skipped: {error}')
        return None

    def close(self) -> None:
        """Return no more images."""
        self._files = iter(())


def open_source(
    name: str, fps: float | None = None, say: Callable[[str], None] = print
) -> Source:
    """Open a source by the name that a user gives.

    Args:
        name (str): A camera's index (``0``), an address (``rtsp://...``), a video file
            or a folder of images.
        fps (float, optional): Pictures per second of a folder. Default: 25.
        say (Callable[[str], None]): Called with messages on the stream.

    Returns:
        Source: The stream.

    Raises:
        UserError: If it does not exist, or cannot be opened.
    """
    if name.isdecimal():
        return CameraSource(int(name), say)
    if '://' in name:
        return CameraSource(name, say)
    if os.path.isdir(name):
        return FolderSource(name, fps or 25.0, say)
    if os.path.isfile(name):
        return FileSource(name)
    if os.path.exists(name):  # the device file of a camera
        return CameraSource(name, say)
    raise UserError(
        f'no source {name}',
        'give the index of a camera (0), an address (rtsp://...), a video or a folder',
    )
