"""Backgrounds, things that look like limbs, and things in front."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from .camera import Camera
from .raster import BACKGROUND, Buffers
from .scene import OCCLUDER
from .solids import Solids, rods
from .textures import (
    TEXELS,
    cloth,
    hair_colour,
    pattern_bank,
    random_colour,
    skin_colour,
)

_BANK_SIDE = 512


@lru_cache(maxsize=1)
def _grain() -> np.ndarray:
    """Sensor noise, sigma 16 about 128, the same in every process."""
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
        strength (float): 1 is a standard deviation of 16 grey levels.

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
    """Coloured clouds at two scales, (H, W, 3) uint8."""
    first, second = random_colour(rng), random_colour(rng)
    cells = int(rng.integers(2, 7))
    mix = rng.uniform(0, 1, (cells, cells, 1)).astype(np.float32)
    coarse = first + (second - first) * mix + rng.normal(0, 12, (cells, cells, 3))
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
    """Lay a textured ground plane into the image up to the horizon."""
    h, w = image.shape[:2]
    colour = random_colour(rng)
    texture = np.clip(cloth(rng, colour, None, 0.75), 0, 255).astype(np.uint8)
    scale = TEXELS / rng.uniform(0.8, 3.0)
    # A pixel's ray is R^T (x - cx, y - cy, f); it meets y = 0 at
    # eye - eye_y / ray_y * ray.
    cx, cy = camera.centre
    rays = camera.rotation.T @ np.array(
        [[1, 0, -cx], [0, 1, -cy], [0, 0, camera.focal]]
    )
    eye = -camera.rotation.T @ camera.translation
    corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]]) @ rays[1]
    if eye[1] < 0.05 or corners.min() > -0.05 * camera.focal:
        return
    to_texture = np.stack([-eye[1] * rays[0], -eye[1] * rays[2], rays[1] / scale])
    # Far off the pattern is finer than a pixel: only its mean is left there.
    x, y = np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)
    fall = -np.add.outer(rays[1, 1] * y + rays[1, 2], rays[1, 0] * x) / camera.focal
    fall = fall.astype(np.float32)
    near = np.clip(fall * (3.0 * camera.focal / (scale * eye[1])) ** 0.5 - 0.25, 0, 1)
    ground = cv2.warpPerspective(
        texture, to_texture, (w, h), borderMode=cv2.BORDER_WRAP,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )  # fmt: skip
    mean = np.full_like(image, texture.mean((0, 1)).astype(np.uint8))
    ground = cv2.blendLinear(ground, mean, near, 1 - near)
    np.copyto(image, ground, where=(fall > 0.004)[..., None])


def _shapes(rng: np.random.Generator, image: np.ndarray, count: int) -> None:
    """Boxes, discs, polygons and lines, some of them patterned."""
    h, w = image.shape[:2]
    side = max(w, h)
    bank = pattern_bank()
    for _ in range(count):
        colour = tuple(float(c) for c in random_colour(rng))
        kind = rng.random()
        x, y = rng.uniform(-0.1, 1.1, 2) * (w, h)
        if kind < 0.4:
            bw, bh = rng.uniform(0.05, 0.4, 2) * side
            x0, y0, x1, y1 = (
                int(v) for v in (x - bw / 2, y - bh / 2, x + bw / 2, y + bh / 2)
            )
            cv2.rectangle(image, (x0, y0), (x1, y1), colour, -1)
            if rng.random() < 0.4:
                roi = image[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
                pattern = bank[rng.integers(1, len(bank))] > 0.5
                repeat = (roi.shape[0] // TEXELS + 1, roi.shape[1] // TEXELS + 1)
                tiled = np.tile(pattern, repeat)[: roi.shape[0], : roi.shape[1]]
                roi[tiled] = random_colour(rng).astype(np.uint8)
        elif kind < 0.6:
            axes = (
                int(rng.uniform(0.02, 0.18) * side),
                int(rng.uniform(0.02, 0.18) * side),
            )
            cv2.ellipse(
                image, (int(x), int(y)), axes, rng.uniform(0, 180), 0, 360, colour, -1
            )
        elif kind < 0.8:
            points = np.array([x, y]) + rng.uniform(-0.25, 0.25, (4, 2)) * side
            hull = cv2.convexHull(points.astype(np.int32))
            cv2.fillConvexPoly(image, hull, colour)
        else:
            start, end = rng.uniform(-0.2, 1.2, (2, 2)) * (w, h)
            thickness = int(rng.integers(1, 9))
            cv2.line(
                image, [int(v) for v in start], [int(v) for v in end], colour, thickness
            )


def background(
    rng: np.random.Generator, size: tuple[int, int], camera: Camera, clutter: float
) -> np.ndarray:
    """Paint what is behind the people.

    Args:
        rng (np.random.Generator): Source of randomness.
        size (tuple[int, int]): Width and height.
        camera (Camera): For the ground's perspective.
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


@dataclass
class Clutter:
    """Rods and panels around the people.

    Args:
        behind (Solids | None): Limb-like rods behind everybody.
        front (Solids | None): Rods in front.
        panels (list[np.ndarray]): Convex polygons in front, (V, 2) pixels.
    """

    behind: Solids | None
    front: Solids | None
    panels: list[np.ndarray]


def _sample_rods(
    rng: np.random.Generator, camera: Camera, size: tuple[int, int], depth: float,
    count: int, material: int, owner: int, span: tuple[float, float],
    thick: tuple[float, float],
) -> Solids:  # fmt: skip
    low, high = np.array([0.0, 0.0]), np.array(size, dtype=float)
    middle = rng.uniform(low, high, (count, 2))
    angle = rng.uniform(0, 2 * np.pi, count)
    length = rng.uniform(*span, count) * max(size)
    half = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None] / 2
    metres = depth / camera.focal
    z = np.full((count, 1), depth) * rng.uniform(1.0, 1.15, (count, 1))
    ends = []
    for sign in (-1, 1):
        xy = (middle + sign * half - camera.centre) / camera.focal * z
        ends.append(np.concatenate([xy, z], 1))
    width = rng.uniform(*thick, (count, 1)) * max(size) * metres
    radius = width * np.concatenate(
        [np.ones((count, 1)), rng.uniform(0.6, 1.0, (count, 1))], 1
    )
    return rods(*ends, radius, material + np.arange(count), owner)


def sample_clutter(
    rng: np.random.Generator,
    camera: Camera,
    size: tuple[int, int],
    depths: tuple[float, float],
    amounts: tuple[float, float],
    material: int,
) -> Clutter:
    """Draw distractors behind and occluders in front of the people.

    Args:
        rng (np.random.Generator): Source of randomness.
        camera (Camera): The camera.
        size (tuple[int, int]): Width and height.
        depths (tuple[float, float]): Nearest and furthest body part, metres.
        amounts (tuple[float, float]): Factors of distractors and occluders.
        material (int): Index of the first texture they may use; each rod
            takes the next.

    Returns:
        Clutter: At most 3 rods behind and 3 in front, and 2 panels.
    """
    behind = front = None
    count = min(3, int(max(0, rng.integers(-2, 4)) * amounts[0]))
    if count:
        behind = _sample_rods(
            rng, camera, size, depths[1] * 1.2, count, material, BACKGROUND,
            (0.1, 0.5), (0.01, 0.05),
        )  # fmt: skip
    near = depths[0] * 0.9
    panels = []
    kind = rng.random() / max(amounts[1], 1e-9)
    w, h = size
    if kind < 0.16:
        front = _sample_rods(
            rng, camera, size, near, int(rng.integers(1, 4)), material + 3, OCCLUDER,
            (0.3, 1.5), (0.008, 0.03),
        )  # fmt: skip
    elif kind < 0.36:
        for _ in range(int(rng.integers(1, 3))):
            centre = rng.uniform((0, 0.35), (1, 1.1)) * (w, h)
            half = rng.uniform(0.04, 0.16, 2) * max(w, h)
            angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 8))))
            points = np.stack([np.cos(angles), np.sin(angles)], 1) * half * 1.4
            panels.append(cv2.convexHull((centre + points).astype(np.float32))[:, 0])
    return Clutter(behind, front, panels)


def draw_panels(buffers: Buffers, panels: list[np.ndarray]) -> list[np.ndarray]:
    """Put flat things in front of everybody into the id buffer.

    Args:
        buffers (Buffers): Changed in place.
        panels (list[np.ndarray]): Convex polygons, (V, 2) pixels.

    Returns:
        list[np.ndarray]: Each panel's flat pixel indices.
    """
    covered = []
    for points in panels:
        mask = np.zeros(buffers.owner.shape, np.uint8)
        cv2.fillConvexPoly(mask, np.rint(points).astype(np.int32), 1)
        covered.append(np.flatnonzero(mask))
        buffers.owner.ravel()[covered[-1]] = OCCLUDER
    return covered


def paint_panels(
    rng: np.random.Generator, image: np.ndarray, covered: list[np.ndarray]
) -> None:
    """Paint what :func:`draw_panels` put there.

    Args:
        rng (np.random.Generator): Source of randomness.
        image (np.ndarray): Changed in place.
        covered (list[np.ndarray]): Flat pixel indices of each panel.
    """
    for pixels, texture in zip(covered, paint_clutter(rng, len(covered)), strict=True):
        y, x = np.divmod(pixels, image.shape[1])
        painted = texture[y % TEXELS, x % TEXELS]
        image.reshape(-1, 3)[pixels] = np.clip(painted, 0, 255).astype(np.uint8)


def paint_clutter(rng: np.random.Generator, count: int) -> np.ndarray:
    """Textures of skin, cloth, hair and wood for what is not a person.

    Args:
        rng (np.random.Generator): Source of randomness.
        count (int): How many.

    Returns:
        np.ndarray: BGR of shape (count, TEXELS, TEXELS, 3), float32.
    """
    stack = np.empty((count, TEXELS, TEXELS, 3), np.float32)
    for texture in stack:
        kind = rng.random()
        if kind < 0.35:
            texture[:] = cloth(rng, skin_colour(rng), None, 0.0)
        elif kind < 0.5:
            texture[:] = cloth(rng, hair_colour(rng), None, 0.3)
        else:
            texture[:] = cloth(rng, random_colour(rng), None, 0.4)
    return stack
