"""Backgrounds, and the noise of the sensor."""

from functools import lru_cache

import cv2
import numpy as np

from .camera import Camera
from .textures import TEXELS, cloth, pattern_bank, random_color

_BANK_SIDE = 512


@lru_cache(maxsize=1)
def _grain() -> np.ndarray:
    """Make sensor noise, sigma 16 about 128, the same in every process."""
    rng = np.random.default_rng(2)
    noise = rng.normal(128, 16, (_BANK_SIDE, _BANK_SIDE, 3))
    return np.clip(np.rint(noise), 0, 255).astype(np.uint8)


def add_grain(
    rng: np.random.Generator, image: np.ndarray, strength: float
) -> np.ndarray:
    """Add sensor noise.

    Args:
        rng (np.random.Generator): Source of randomness.
        image (np.ndarray): BGR of shape (H, W, 3), uint8.
        strength (float): 1 is a standard deviation of 16 gray levels.

    Returns:
        np.ndarray: The noisy image; above 512 pixels the noise repeats.
    """
    bank = _grain()
    h, w = image.shape[:2]
    if max(h, w) > _BANK_SIDE // 2:
        bank = np.tile(bank, (h // _BANK_SIDE + 2, w // _BANK_SIDE + 2, 1))
    y, x = rng.integers(0, _BANK_SIDE // 2, 2)
    window = bank[y : y + h, x : x + w]
    return cv2.addWeighted(image, 1.0, window, strength, -128 * strength)


def _blotches(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Make colored clouds at two scales, (H, W, 3) uint8."""
    # Surroundings are duller than clothes.
    ends = np.stack([random_color(rng), random_color(rng)])
    gray = ends.mean(1, keepdims=True)
    first, second = gray + (ends - gray) * np.float32(rng.uniform(0.15, 0.9))
    cells = int(rng.integers(2, 7))
    mix = rng.uniform(0, 1, (cells, cells, 1)).astype(np.float32)
    coarse = first + (second - first) * mix + rng.normal(0, 7, (cells, cells, 3))
    coarse = cv2.resize(
        coarse.astype(np.float32),
        (size[0] // 4, size[1] // 4),
        interpolation=cv2.INTER_CUBIC,
    )
    cells = int(rng.integers(12, 40))
    fine = rng.normal(0, rng.uniform(3, 18), (cells, cells, 1)).astype(np.float32)
    fine = cv2.resize(fine, coarse.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    small = np.clip(coarse + fine[..., None], 0, 255).astype(np.uint8)
    return cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)


def _floor(rng: np.random.Generator, image: np.ndarray, camera: Camera) -> None:
    """Draw a textured ground plane into the image up to the horizon."""
    h, w = image.shape[:2]
    color = random_color(rng)
    texture = np.clip(cloth(rng, color, None, 0.75), 0, 255).astype(np.uint8)
    scale = TEXELS / rng.uniform(0.8, 3.0)
    # A pixel's ray is R^T (x - cx, y - cy, f); it meets y = 0 at
    # eye - eye_y / ray_y * ray.
    cx, cy = camera.center
    rays = camera.rotation.T @ np.array(
        [[1, 0, -cx], [0, 1, -cy], [0, 0, camera.focal]]
    )
    eye = -camera.rotation.T @ camera.translation
    corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]]) @ rays[1]
    if eye[1] < 0.05 or corners.min() > -0.05 * camera.focal:
        return
    to_texture = np.stack([-eye[1] * rays[0], -eye[1] * rays[2], rays[1] / scale])
    # Half the resolution is enough and saves most of the time. In the distance the
    # pattern is finer than a pixel, so only its mean is drawn.
    half = ((w + 1) // 2, (h + 1) // 2)
    x, y = np.linspace(0, w - 1, 33), np.linspace(0, h - 1, 33)
    fall = -np.add.outer(rays[1, 1] * y + rays[1, 2], rays[1, 0] * x) / camera.focal
    fall = cv2.resize(fall.astype(np.float32), half)
    steep = float((3.0 * camera.focal / (scale * eye[1])) ** 0.5)
    near = cv2.min(cv2.max(fall * steep - 0.25, 0.0), 1.0)
    ground = cv2.warpPerspective(
        texture,
        to_texture @ np.diag((2.0, 2.0, 1.0)),
        half,
        borderMode=cv2.BORDER_WRAP,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    mean = np.empty((half[1], half[0] * 3), np.uint8)
    mean[:] = np.tile(texture.mean((0, 1)).astype(np.uint8), half[0])
    ground = cv2.blendLinear(ground, mean.reshape(ground.shape), near, 1 - near)
    below = cv2.resize(cv2.compare(fall, 0.004, cv2.CMP_GT), (w, h))
    cv2.copyTo(cv2.resize(ground, (w, h)), below, image)


def _shapes(rng: np.random.Generator, image: np.ndarray, count: int) -> None:
    """Draw boxes, discs, polygons and lines, some of them patterned."""
    h, w = image.shape[:2]
    side = max(w, h)
    bank = pattern_bank()
    for _ in range(count):
        color = tuple(float(c) for c in random_color(rng))
        kind = rng.random()
        x, y = rng.uniform(-0.1, 1.1, 2) * (w, h)
        if kind < 0.4:
            bw, bh = rng.uniform(0.05, 0.4, 2) * side
            x0, y0, x1, y1 = (
                int(v) for v in (x - bw / 2, y - bh / 2, x + bw / 2, y + bh / 2)
            )
            cv2.rectangle(image, (x0, y0), (x1, y1), color, -1)
            if rng.random() < 0.4:
                roi = image[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
                pattern = bank[rng.integers(1, len(bank)), :, ::3] > 0.5
                repeat = (roi.shape[0] // TEXELS + 1, roi.shape[1] // TEXELS + 1)
                tiled = np.tile(pattern, repeat)[: roi.shape[0], : roi.shape[1]]
                roi[tiled] = random_color(rng).astype(np.uint8)
        elif kind < 0.6:
            axes = (
                int(rng.uniform(0.02, 0.18) * side),
                int(rng.uniform(0.02, 0.18) * side),
            )
            cv2.ellipse(
                image, (int(x), int(y)), axes, rng.uniform(0, 180), 0, 360, color, -1
            )
        elif kind < 0.8:
            points = np.array([x, y]) + rng.uniform(-0.25, 0.25, (4, 2)) * side
            hull = cv2.convexHull(points.astype(np.int32))
            cv2.fillConvexPoly(image, hull, color)
        else:
            start, end = rng.uniform(-0.2, 1.2, (2, 2)) * (w, h)
            thickness = int(rng.integers(1, 9))
            cv2.line(
                image, [int(v) for v in start], [int(v) for v in end], color, thickness
            )


def background(
    rng: np.random.Generator, size: tuple[int, int], camera: Camera, clutter: float
) -> np.ndarray:
    """Paint the background.

    Args:
        rng (np.random.Generator): Source of randomness.
        size (tuple[int, int]): Width and height.
        camera (Camera): Camera that determines the ground's perspective.
        clutter (float): 0 for none, 1 for the usual number of shapes.

    Returns:
        np.ndarray: BGR of shape (H, W, 3), uint8.
    """
    image = _blotches(rng, size)
    floor_first = rng.random() < 0.6
    count = int(rng.integers(0, 14) * clutter)
    if floor_first:
        _shapes(rng, image, count)
    if rng.random() < 0.6:
        _floor(rng, image, camera)
    if not floor_first:
        _shapes(rng, image, count)
    if rng.random() < 0.5:
        kernel = int(rng.integers(1, 4)) * 2 + 1
        image = cv2.blur(image, (kernel, kernel))
    return image


def cast_shadows(image: np.ndarray, spots: np.ndarray) -> None:
    """Darken the ground under the feet.

    Args:
        image (np.ndarray): Background, changed in place.
        spots (np.ndarray): x, y, radius in pixels and strength, (S, 4).
    """
    h, w = image.shape[:2]
    small = np.zeros((h // 4 + 1, w // 4 + 1), np.uint8)
    for x, y, radius, strength in spots:
        axes = (max(1, int(radius / 4)), max(1, int(radius / 12)))
        cv2.ellipse(
            small, (int(x / 4), int(y / 4)), axes, 0, 0, 360, float(strength), -1
        )
    small = cv2.blur(small, (5, 5))
    factor = cv2.resize(255 - small, (w, h), interpolation=cv2.INTER_LINEAR)
    cv2.multiply(
        image, cv2.cvtColor(factor, cv2.COLOR_GRAY2BGR), dst=image, scale=1 / 255
    )
