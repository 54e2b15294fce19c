"""Distractors that look like limbs, and occluders in front of the people."""

from dataclasses import dataclass

import cv2
import numpy as np

from .camera import Camera
from .raster import BACKGROUND, Buffers
from .scene import OCCLUDER
from .solids import Solids, rods
from .textures import TEXELS, cloth, hair_color, random_color, skin_color


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
    rng: np.random.Generator,
    camera: Camera,
    size: tuple[int, int],
    depth: float,
    span: tuple[float, float],
    thick: tuple[float, float],
    material: np.ndarray,
    owner: int,
) -> Solids:
    """Draw rods across the image at a depth; sizes in units of the image side."""
    count, side = len(material), max(size)
    middle = rng.uniform((0, 0), size, (count, 2))
    angle = rng.uniform(0, 2 * np.pi, count)
    length = rng.uniform(*span, count) * side
    half = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None] / 2
    z = depth * rng.uniform(1.0, 1.15, (count, 1))
    ends = []
    for sign in (-1, 1):
        xy = (middle + sign * half - camera.center) / camera.focal * z
        ends.append(np.concatenate([xy, z], 1))
    radius = rng.uniform(*thick, (count, 1)) * side * depth / camera.focal
    radius = radius * np.column_stack([np.ones(count), rng.uniform(0.6, 1, count)])
    return rods(ends[0], ends[1], radius, material, owner)


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
        depths (tuple[float, float]): Depth of the nearest and furthest body part, in
            meters.
        amounts (tuple[float, float]): Factors of distractors and occluders.
        material (int): Index of the first texture to use; each rod uses the next
            one.

    Returns:
        Clutter: At most 3 rods behind, 3 in front, and 2 panels.
    """
    behind = front = None
    count = min(3, int(max(0, rng.integers(-2, 4)) * amounts[0]))
    if count:
        textures = material + np.arange(count)
        behind = _sample_rods(
            rng,
            camera,
            size,
            depths[1] * 1.2,
            (0.1, 0.5),
            (0.01, 0.05),
            textures,
            BACKGROUND,
        )
    near = depths[0] * 0.9
    panels = []
    kind = rng.random() / max(amounts[1], 1e-9)
    w, h = size
    if kind < 0.16:
        textures = material + 3 + np.arange(rng.integers(1, 4))
        front = _sample_rods(
            rng, camera, size, near, (0.3, 1.5), (0.008, 0.03), textures, OCCLUDER
        )
    elif kind < 0.36:
        for _ in range(int(rng.integers(1, 3))):
            center = rng.uniform((0, 0.35 * h), (w, 1.1 * h))
            half = rng.uniform(0.04, 0.16, 2) * float(max(w, h))
            angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 8))))
            points = np.stack([np.cos(angles), np.sin(angles)], 1) * half * 1.4
            panels.append(cv2.convexHull((center + points).astype(np.float32))[:, 0])
    return Clutter(behind, front, panels)


def draw_panels(buffers: Buffers, panels: list[np.ndarray]) -> list[np.ndarray]:
    """Draw flat occluders in front of everybody into the id buffer.

    Args:
        buffers (Buffers): Changed in place.
        panels (list[np.ndarray]): Convex polygons, (V, 2) pixels.

    Returns:
        list[np.ndarray]: Flat pixel indices of each panel.
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
    """Paint the panels that :func:`draw_panels` drew.

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
    """Make textures of skin, cloth, hair and wood for distractors and occluders.

    Args:
        rng (np.random.Generator): Source of randomness.
        count (int): Number of textures.

    Returns:
        np.ndarray: BGR of shape (count, TEXELS, TEXELS, 3), float32.
    """
    stack = np.empty((count, TEXELS, TEXELS, 3), np.float32)
    for texture in stack:
        kind = rng.random()
        if kind < 0.35:
            texture[:] = cloth(rng, skin_color(rng), None, 0.0)
        elif kind < 0.5:
            texture[:] = cloth(rng, hair_color(rng), None, 0.3)
        else:
            texture[:] = cloth(rng, random_color(rng), None, 0.4)
    return stack
