"""Places posed people on common ground in front of one camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .body import Body, sample_body
from .camera import Camera, look_at
from .landmarks import landmarks_3d
from .parts import Parts, build_parts
from .poses import FAMILIES, DrawnPose, choose_family, sample_pose
from .skeleton import heading
from .wardrobe import Wardrobe, sample_wardrobe

_UPRIGHT = ('stand', 'contrapposto', 'walk')
_NEAR = 0.6  # meters; no body part comes closer to the camera


@dataclass
class Figure:
    """One posed person in the world.

    Args:
        body (Body): Proportions.
        wardrobe (Wardrobe): Clothes.
        pose (np.ndarray): Joint angles in degrees, (D,).
        yaw (float): Heading in degrees; 0 faces the camera.
        family (str): Pose family.
        positions (np.ndarray): Nodes in world meters, (N, 3).
        rotations (np.ndarray): Nodes' frames, (N, 3, 3).
        parts (Parts): Solid parts.
    """

    body: Body
    wardrobe: Wardrobe
    pose: np.ndarray
    yaw: float
    family: str
    positions: np.ndarray
    rotations: np.ndarray
    parts: Parts

    def landmarks(self) -> np.ndarray:
        """Return the named points in world meters, (M, 3)."""
        return landmarks_3d(self.body, self.positions, self.rotations)

    def move(self, step: np.ndarray) -> None:
        """Translate the figure by ``step`` (3,) meters."""
        self.positions = self.positions + step


def pose_figure(
    body: Body, wardrobe: Wardrobe, drawn: DrawnPose, yaw: float = 0.0
) -> Figure:
    """Put a posed body above the world's origin.

    Args:
        body (Body): Proportions.
        wardrobe (Wardrobe): Clothes.
        drawn (DrawnPose): Pose, skeleton and height above the ground.
        yaw (float): Heading in degrees; 0 faces +z, towards the camera.

    Returns:
        Figure: The figure; its lowest part is ``drawn.lift`` above y = 0.
    """
    turn = heading(yaw)
    positions, rotations = drawn.positions @ turn.T, turn @ drawn.rotations
    parts = build_parts(body, wardrobe)
    figure = Figure(
        body, wardrobe, drawn.pose, yaw, drawn.family, positions, rotations, parts
    )
    # Heights of the parts' ends. The factor 0.9 allows for slightly flattened soles.
    up = rotations[parts.node, 1, :, None]
    ends = np.stack([parts.start, parts.end], 1)
    height = positions[parts.node, 1, None] + (ends @ up)[..., 0] - 0.9 * parts.radius
    figure.move(np.array([0.0, drawn.lift * body.stature - height.min(), 0.0]))
    return figure


def _sample_yaw(rng: np.random.Generator) -> float:
    kind = rng.random()
    if kind < 0.45:
        return float(rng.normal(0, 30))
    if kind < 0.65:
        return float(rng.normal(180, 30))
    return float(rng.uniform(-180, 180))


def _face_camera(yaw: float, turn: float) -> float:
    """Compress all headings, -180 to 180 degrees, to ``-turn`` to ``turn``."""
    return ((yaw + 180) % 360 - 180) * turn / 180 if turn < 180 else yaw


def sample_figure(
    rng: np.random.Generator,
    families: Sequence[str] = FAMILIES,
    turn: float = 180.0,
) -> Figure:
    """Draw a person: proportions, pose, heading and clothes.

    Args:
        rng (np.random.Generator): Source of randomness.
        families (Sequence[str]): Pose families to choose from. Default: all.
        turn (float): Largest angle between heading and camera, in degrees.

    Returns:
        Figure: The figure above the world's origin.
    """
    body = sample_body(rng)
    drawn = sample_pose(rng, body, choose_family(rng, families))
    wardrobe = sample_wardrobe(rng, upright=drawn.family in _UPRIGHT)
    return pose_figure(body, wardrobe, drawn, _face_camera(_sample_yaw(rng), turn))


def _frame(
    rng: np.random.Generator, figure: Figure, size: tuple[int, int]
) -> tuple[Camera, float]:
    """Aim a camera so that the figure fills a drawn part of the image."""
    w, h = size
    focal = max(w, h) * rng.uniform(0.9, 2.2)
    steep = rng.random() < 0.12
    pitch = rng.uniform(-25, 50) if steep else rng.normal(7, 8)
    roll = rng.uniform(-30, 30) if rng.random() < 0.08 else rng.normal(0, 3.5)
    fill = rng.uniform(0.95, 1.3) if rng.random() < 0.12 else rng.uniform(0.45, 0.92)
    points = figure.landmarks()
    target = (points.min(0) + points.max(0)) / 2
    center = np.array([(w - 1) / 2, (h - 1) / 2])
    distance = 4.0
    for _ in range(2):
        camera = look_at(target, distance, pitch, roll, focal, center)
        pixels = camera.project(camera.to_camera(points))
        extent = np.abs(pixels - center).max(0) * 2 / (w, h)
        distance = max(distance * extent.max() / fill, 1.6)
    camera = look_at(target, distance, pitch, roll, focal, center)
    free = max(0.0, 1 - fill) / 2 + 0.04
    shift = rng.uniform(-free, free, 2) * (w, h) * (1.4, 1.0)
    camera = Camera(focal, center + shift, camera.rotation, camera.translation)
    return camera, distance


def _beside(
    rng: np.random.Generator, camera: Camera, distance: float, size: tuple[int, int]
) -> np.ndarray:
    """Find a place on the ground where another person appears in the image."""
    depth = rng.uniform(0.85, 1.9)
    column = rng.uniform(0.02, 0.98) * size[0]
    across = (column - camera.center[0]) / camera.focal * distance * depth
    return np.array([across, 0.0, -(depth - 1) * distance])


def is_inside(figure: Figure, camera: Camera, size: tuple[int, int]) -> bool:
    """Check whether an image shows all named points of a person.

    Args:
        figure (Figure): The person.
        camera (Camera): The camera.
        size (tuple[int, int]): Image width and height.
    """
    pixels = camera.project(camera.to_camera(figure.landmarks()))
    return bool(((pixels >= 0) & (pixels <= np.array(size) - 1)).all())


def sample_layout(
    rng: np.random.Generator,
    size: tuple[int, int],
    persons: tuple[int, int],
    families: Sequence[str] = FAMILIES,
    turn: float = 180.0,
) -> tuple[list[Figure], Camera]:
    """Draw the people of an image and the camera.

    Args:
        rng (np.random.Generator): Source of randomness.
        size (tuple[int, int]): Image width and height.
        persons (tuple[int, int]): Smallest and largest number of people.
        families (Sequence[str]): Pose families to choose from. Default: all.
        turn (float): Largest angle between heading and camera, in degrees.

    Returns:
        tuple[list[Figure], Camera]: At least one figure, and a camera that is aimed
        at the first.
    """
    count = int(rng.integers(persons[0], persons[1] + 1))
    main = sample_figure(rng, families, turn)
    camera, distance = _frame(rng, main, size)
    figures = [main]
    for _ in range(count - 1):
        other = sample_figure(rng, families, turn)
        for _ in range(4):
            place = _beside(rng, camera, distance, size)
            gaps = [np.hypot(*(place - f.positions[0])[[0, 2]]) for f in figures]
            if min(gaps) > 0.45:
                break
        other.move(place)
        figures.append(other)
    # At wide angles and short distances, move the camera back rather than clip.
    depths = [camera.to_camera(f.landmarks())[:, 2].min() for f in figures]
    back = max(0.0, _NEAR - min(depths))
    if back:
        shift = np.array([0.0, 0.0, back])
        camera = Camera(
            camera.focal, camera.center, camera.rotation, camera.translation + shift
        )
    return figures, camera
