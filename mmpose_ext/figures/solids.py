"""Solid parts in front of the camera, and their preparation for drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from .camera import Camera
from .layout import Figure
from .textures import TEXELS
from .wardrobe import MATERIALS

_TINY = 1e-4
# Ends closer than this in the image, in pixels, cover each other.
_THIN = 0.05


@dataclass
class Solids:
    """Parts of all figures, in camera axes and meters; Q of them.

    Args:
        start (np.ndarray): Center of the first sphere, (Q, 3).
        end (np.ndarray): Center of the second, (Q, 3).
        radius (np.ndarray): Their radii, (Q, 2).
        scale (np.ndarray): Stretch along the axes of ``frame``, (Q, 3).
        frame (np.ndarray): Part to camera rotation, (Q, 3, 3).
        materials (np.ndarray): Textures before and beyond ``cut``, (Q, 2)
            integers.
        cut (np.ndarray): Plane (normal, offset) in the part's frame relative
            to ``start``; points beyond it take the second texture, (Q, 4).
        texture_map (np.ndarray): Local meters to texels, (Q, 2, 4).
        owner (np.ndarray): Value for the id buffer, (Q,) integers.
    """

    start: np.ndarray
    end: np.ndarray
    radius: np.ndarray
    scale: np.ndarray
    frame: np.ndarray
    materials: np.ndarray
    cut: np.ndarray
    texture_map: np.ndarray
    owner: np.ndarray

    @staticmethod
    def join(groups: Sequence['Solids']) -> 'Solids':
        """Stack groups of parts into one."""
        return Solids(
            *(
                np.concatenate([getattr(g, f.name) for g in groups])
                for f in fields(Solids)
            )
        )


def figure_solids(figure: Figure, camera: Camera, index: int) -> Solids:
    """Bring a figure's parts into camera axes.

    Args:
        figure (Figure): The figure.
        camera (Camera): The camera.
        index (int): The figure's value in the id buffer; its textures start at
            ``index * MATERIALS``.

    Returns:
        Solids: The parts.
    """
    parts = figure.parts
    frames, origins = figure.rotations[parts.node], figure.positions[parts.node]
    start = origins + (frames @ parts.start[..., None])[..., 0]
    end = origins + (frames @ parts.end[..., None])[..., 0]
    return Solids(
        camera.to_camera(start),
        camera.to_camera(end),
        parts.radius,
        parts.scale,
        camera.rotation @ frames,
        parts.materials + index * MATERIALS,
        parts.cut,
        parts.texture_map,
        np.full(len(parts.node), index),
    )


def rods(
    start: np.ndarray,
    end: np.ndarray,
    radius: np.ndarray,
    material: np.ndarray,
    owner: int,
) -> Solids:
    """Make limb-like round cones that belong to nobody.

    Args:
        start (np.ndarray): First ends in camera axes and meters, (Q, 3).
        end (np.ndarray): Second ends in camera axes and meters, (Q, 3).
        radius (np.ndarray): Radii in meters, (Q, 2).
        material (np.ndarray): Index into the scene's textures, (Q,).
        owner (int): Value for the id buffer.

    Returns:
        Solids: The rods.
    """
    count = len(start)
    axis = end - start
    length = np.linalg.norm(axis, axis=1, keepdims=True)
    y = np.where(length > _TINY, -axis / np.maximum(length, _TINY), (0.0, 1.0, 0.0))
    x = np.cross(y, np.array([0.3, 0.2, 1.0]))
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)
    frame = np.stack([x, y, np.cross(x, y)], 2)
    texels = TEXELS / np.maximum(8 * radius.max(1), 0.1)
    texture_map = np.zeros((count, 2, 4))
    texture_map[:, 0, 0], texture_map[:, 0, 2] = texels, 0.7 * texels
    texture_map[:, 1, 1] = -texels
    return Solids(
        start,
        end,
        radius,
        np.ones((count, 3)),
        frame,
        np.stack([material, material], 1),
        np.tile((0.0, 0.0, 0.0, 1.0), (count, 1)),
        texture_map,
        np.full(count, owner),
    )


class Projected:
    """Parts prepared for parallel rays; see :mod:`.raster` for the symbols.

    Args:
        solids (Solids): The parts; all must lie in front of the camera.
        camera (Camera): The camera.
    """

    def __init__(self, solids: Solids, camera: Camera) -> None:
        self.solids = solids
        z = np.stack([solids.start[:, 2], solids.end[:, 2]], 1)
        self.depth0 = z[:, 0]
        self.nearest = z.min(1)
        self.meters = z.mean(1) / camera.focal  # per pixel
        self.first = camera.project(solids.start)
        last = camera.project(solids.end)
        radius = solids.radius * camera.focal / z
        self._bound(last, radius)
        rise = (z[:, 1] - z[:, 0]) / self.meters
        axis = np.concatenate([last - self.first, rise[:, None]], 1)
        self._make_round(axis, radius)

    def _bound(self, last: np.ndarray, radius: np.ndarray) -> None:
        stretch = self.solids.frame * self.solids.scale[:, None]
        extent = np.linalg.norm(stretch, axis=2)[:, :2]
        near, far = radius[:, :1] * extent, radius[:, 1:] * extent
        self.low = np.minimum(self.first - near, last - far)
        self.high = np.maximum(self.first + near, last + far)

    def _make_round(self, axis: np.ndarray, radius: np.ndarray) -> None:
        """Transform to the space where parts are round, with z along the ray."""
        frame, scale = self.solids.frame, self.solids.scale
        squash = (frame / scale[:, None]) @ np.swapaxes(frame, 1, 2)
        ray = squash[:, :, 2]
        self.ray_length = np.linalg.norm(ray, axis=1)
        ray = ray / self.ray_length[:, None]
        axis = (squash @ axis[..., None])[..., 0]
        self.along = (ray * axis).sum(1)
        across = axis - self.along[:, None] * ray
        self.width = np.linalg.norm(across, axis=1)
        self.width[self.width < _THIN] = 0
        fallback = np.cross(ray, np.roll(ray, 1, axis=1) + np.array([0.1, 0.2, 0.3]))
        across = np.where(self.width[:, None] > _TINY, across, fallback)
        e1 = across / np.linalg.norm(across, axis=1, keepdims=True)
        basis = np.stack([e1, np.cross(ray, e1), ray], 1)
        self.to_round = basis @ squash  # pixel offset -> q1, q2, depth offset
        self.normal = squash @ np.swapaxes(basis, 1, 2)
        # Seen along its axis, one sphere hides the other: keep the near one.
        taper = radius[:, 1] - radius[:, 0]
        self.taper = np.clip(taper, -0.98 * self.width, 0.98 * self.width)
        self.radius = np.where(self.along < 0, radius[:, 1] - self.taper, radius[:, 0])
        self.quad = np.maximum(self.width**2 - self.taper**2, _TINY)
        self.slope = self.along / np.sqrt(self.quad + self.along**2)
