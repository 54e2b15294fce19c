"""Writes animated GIF pictures, for pages and messages that show no video."""

import os
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image

# Number of colors in the file, and of frames that they are chosen from.
_COLORS, _SAMPLES = 128, 16


class GifWriter:
    """Writes a GIF with the methods of :class:`cv2.VideoWriter`.

    All frames share their colors, so parts that do not move take no space. The frames
    are kept compressed in memory until the end, when the colors are chosen.

    Args:
        path (str | os.PathLike): The file.
        fps (float): Frames per second; a GIF counts in hundredths of a second.
    """

    def __init__(self, path: str | os.PathLike, fps: float) -> None:
        self.path = path
        self.duration = max(20, 10 * round(100 / fps))  # ms; viewers slow down below
        self._frames: list[np.ndarray] = []

    def isOpened(self) -> bool:
        """Return whether frames can be written, which is always the case."""
        return True

    def write(self, frame: np.ndarray) -> None:
        """Append a frame (H, W, 3), uint8, BGR."""
        self._frames.append(cv2.imencode('.png', frame)[1])

    def release(self) -> None:
        """Write the file, which plays in a loop."""
        if not self._frames:
            return
        pictures = self._quantized()
        next(pictures).save(
            self.path,
            format='GIF',
            save_all=True,
            append_images=pictures,
            duration=self.duration,
            loop=0,
            optimize=False,
        )

    def _quantized(self) -> Iterator[Image.Image]:
        """Yield the frames in the colors that they share."""
        step = -(-len(self._frames) // _SAMPLES)
        some = [_decode(code) for code in self._frames[::step]]
        palette = Image.fromarray(np.concatenate(some)).quantize(_COLORS)
        for code in self._frames:
            image = Image.fromarray(_decode(code))
            yield image.quantize(palette=palette, dither=Image.Dither.NONE)


def _decode(code: np.ndarray) -> np.ndarray:
    image = cv2.imdecode(code, cv2.IMREAD_COLOR)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
