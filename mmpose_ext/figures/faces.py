"""Textures of faces."""

import cv2
import numpy as np

from .textures import TEXELS, fabric_bank

#: Extent of the face texture in the head's own x and y, in statures.
FACE_LEFT, FACE_WIDTH = -0.056, 0.112
FACE_TOP, FACE_HEIGHT = 0.132, 0.136
_SUB = 4  # cv2's fractional bits


def _point(x: float, y: float) -> tuple[int, int]:
    column = (x - FACE_LEFT) / FACE_WIDTH * TEXELS
    row = (FACE_TOP - y) / FACE_HEIGHT * TEXELS
    return round(column * 2**_SUB), round(row * 2**_SUB)


def _ellipse(image, x, y, rx, ry, color, angle=0.0, start=0, end=360) -> None:
    axes = (
        round(rx / FACE_WIDTH * TEXELS * 2**_SUB),
        round(ry / FACE_HEIGHT * TEXELS * 2**_SUB),
    )
    bgr = tuple(float(c) for c in color)
    cv2.ellipse(image, _point(x, y), axes, angle, start, end, bgr, -1, cv2.LINE_8, _SUB)


def face(
    rng: np.random.Generator, skin_bgr: np.ndarray, hair_bgr: np.ndarray, beard: bool
) -> np.ndarray:
    """Paint eyes, brows, nostrils, mouth, hairline and perhaps a beard.

    Args:
        rng (np.random.Generator): Source of randomness.
        skin_bgr (np.ndarray): Skin color, BGR (3,).
        hair_bgr (np.ndarray): Hair color, BGR (3,).
        beard (bool): Whether to paint a beard.

    Returns:
        np.ndarray: BGR of shape (TEXELS, TEXELS, 3), float32.
    """
    image = np.empty((TEXELS, TEXELS, 3), np.float32)
    image.reshape(TEXELS, -1)[:] = np.tile(hair_bgr, TEXELS)
    _ellipse(image, 0, 0.046, 0.060, 0.056, skin_bgr)
    _ellipse(image, 0, 0.030, 0.060, 0.050, skin_bgr)
    fringe = rng.random()
    if fringe < 0.25:
        _ellipse(image, rng.uniform(-0.02, 0.02), 0.112, 0.05, 0.034, hair_bgr)
    if beard:
        _ellipse(image, 0, 0.006, 0.044, 0.022, 0.6 * hair_bgr + 0.4 * skin_bgr)
        _ellipse(image, 0, 0.029, 0.018, 0.006, 0.7 * hair_bgr + 0.3 * skin_bgr)
    iris = np.array([(40, 30, 24), (60, 46, 34), (120, 90, 50)])[rng.integers(3)]
    brow = 0.8 * hair_bgr + 0.2 * 0.5 * skin_bgr
    for side in (-1, 1):
        _ellipse(image, side * 0.018, 0.060, 0.0105, 0.0085, 0.72 * skin_bgr)
        _ellipse(image, side * 0.018, 0.061, 0.0085, 0.0052, (235, 238, 240))
        _ellipse(image, side * 0.018, 0.061, 0.0045, 0.0050, iris)
        _ellipse(image, side * 0.019, 0.0745, 0.0115, 0.0034, brow, side * -6)
        _ellipse(image, side * 0.006, 0.034, 0.003, 0.002, 0.45 * skin_bgr)
        cheek = skin_bgr * np.array((0.88, 0.88, 1.02))
        _ellipse(image, side * 0.027, 0.036, 0.010, 0.008, cheek)
    lips = skin_bgr * np.array((0.68, 0.62, 0.92))
    _ellipse(image, 0, 0.0195, rng.uniform(0.011, 0.016), 0.0052, lips)
    _ellipse(image, 0, 0.0195, 0.011, 0.0014, 0.35 * skin_bgr)
    image.reshape(TEXELS, -1)[:] *= fabric_bank()[0]
    return image
