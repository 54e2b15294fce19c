"""The generator of annotated images."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from ..utils import ConfigError
from .background import add_grain, background, cast_shadows
from .camera import Camera
from .clutter import Clutter, draw_panels, paint_clutter, paint_panels, sample_clutter
from .landmarks import LANDMARK_INDEX
from .layout import Figure, is_inside, sample_layout
from .poses import FAMILIES
from .raster import Buffers, Light, draw, shade
from .scene import Person, Scene, annotate
from .solids import Projected, Solids, figure_solids
from .wardrobe import MATERIALS, paint

_GROUNDED = [
    LANDMARK_INDEX[f'{side}_{name}']
    for side in ('left', 'right')
    for name in ('ankle', 'foot', 'hand', 'knee')
] + [LANDMARK_INDEX['pelvis']]
_ATTEMPTS = 20


class SyntheticFigures:
    """Images of articulated figures with exact annotations.

    >>> scene = SyntheticFigures(seed=0, size=(96, 64), persons=(1, 1))[7]
    >>> scene.image.shape
    (64, 96, 3)
    >>> scene.persons[0].keypoints(('nose', 'left_wrist')).shape  # x, y, visibility
    (2, 3)

    An image depends only on ``(seed, index)`` and the arguments, not on the order,
    the process, or any global state. Annotations do not depend on whether the image
    is painted.

    Args:
        seed (int): Seed, not negative; another seed gives another data set.
        size (tuple[int, int]): Image width and height. Default: (256, 256).
        persons (tuple[int, int]): Smallest and largest number of people drawn
            in an image. Default: (1, 4).
        occluders (float): Frequency of occluders: 0 for never, 1 for about every third
            image. Default: 1.
        clutter (float): Density of the background and number of limb-like rods in it: 0
            for none, 1 for the usual number. Default: 1.
        min_area (float): People with fewer visible pixels than this fraction
            of the image, or with no visible joint, are drawn but not
            annotated. Default: 0.004.
        families (Sequence[str]): Pose families to draw from, a subset of
            :data:`.poses.FAMILIES`; ``('stand', 'walk')`` resembles a street. Default:
            all.
        turn (float): Largest angle, in degrees, between a person's heading and the
            direction of the camera; at 45 all show their faces. Default: 180, which
            allows any heading.
        whole (bool): Whether every image shows all of its one person, from the crown to
            the toes. Default: False.

    Raises:
        ConfigError: If an argument is out of range.
    """

    def __init__(
        self,
        seed: int = 0,
        size: tuple[int, int] = (256, 256),
        persons: tuple[int, int] = (1, 4),
        occluders: float = 1.0,
        clutter: float = 1.0,
        min_area: float = 0.004,
        families: Sequence[str] = FAMILIES,
        turn: float = 180.0,
        whole: bool = False,
    ) -> None:
        self.seed = int(seed)
        self.size = (int(size[0]), int(size[1]))
        self.persons = (int(persons[0]), int(persons[1]))
        self.occluders = float(occluders)
        self.clutter = float(clutter)
        self.min_area = float(min_area)
        self.families = tuple(families)
        self.turn = float(turn)
        self.whole = bool(whole)
        checks = (
            ('seed', seed, self.seed >= 0, 'at least 0'),
            ('size', size, min(self.size) >= 32, 'a width and a height of at least 32'),
            ('persons', persons, 1 <= self.persons[0] <= self.persons[1] <= 16,
             'two numbers with 1 <= first <= second <= 16'),
            ('families', families, set() < {*self.families} <= {*FAMILIES},
             f'one or more of {", ".join(FAMILIES)}'),
            ('turn', turn, 0 <= self.turn <= 180, 'from 0 to 180'),
            ('occluders', occluders, 0 <= self.occluders <= 3, 'from 0 to 3'),
            ('clutter', clutter, 0 <= self.clutter <= 3, 'from 0 to 3'),
            ('whole', whole, not whole or self.persons == (1, 1),
             'False, or persons=(1, 1)'),
            ('min_area', min_area, 0 <= self.min_area < 0.2, 'from 0 to below 0.2'),
        )  # fmt: skip
        for name, value, good, choices in checks:
            if not good:
                raise ConfigError(
                    self, name, value, 'is out of range', f'choose {choices}'
                )

    @property
    def config(self) -> dict[str, Any]:
        """The arguments in a form that JSON preserves."""
        return {
            'seed': self.seed,
            'size': list(self.size),
            'persons': list(self.persons),
            'occluders': self.occluders,
            'clutter': self.clutter,
            'min_area': self.min_area,
            'families': list(self.families),
            'turn': self.turn,
            'whole': self.whole,
        }

    def __getitem__(self, index: int) -> Scene:
        return self.render(index)

    def render(self, index: int, image: bool = True) -> Scene:
        """Make one annotated image.

        Args:
            index (int): Non-negative number of the image.
            image (bool): Whether to paint the image; without it, this is about twice as
                fast, and the annotations are the same.

        Returns:
            Scene: A scene with at least one person.
        """
        streams = np.random.SeedSequence([self.seed, int(index)]).spawn(3)
        layout, around, look = (np.random.default_rng(s) for s in streams)
        for attempt in range(_ATTEMPTS):
            figures, camera = sample_layout(
                layout, self.size, self.persons, self.families, self.turn
            )
            if self.whole and not is_inside(figures[0], camera, self.size):
                continue
            # Retry without occluders, which may hide the only person.
            occluders = self.occluders if attempt < _ATTEMPTS // 2 else 0.0
            clutter = self.surround(around, figures, camera, occluders)
            scene = self.compose(
                index, figures, camera, clutter, look if image else None
            )
            if scene.persons:
                return scene
        raise RuntimeError(f'image {index} of seed {self.seed} shows nobody')

    def compose(
        self,
        index: int,
        figures: list[Figure],
        camera: Camera,
        clutter: Clutter,
        look: np.random.Generator | None,
    ) -> Scene:
        """Draw given people in front of a given camera.

        Args:
            index (int): Number of the scene.
            figures (list[Figure]): The people, in world meters.
            camera (Camera): The camera.
            clutter (Clutter): Distractors and occluders around them.
            look (np.random.Generator, optional): Source of randomness for colors,
                light and noise; None for annotations without an image.

        Returns:
            Scene: The scene, painted if somebody is visible.
        """
        buffers = Buffers(self.size)
        parts, panels = self._draw(buffers, figures, camera, clutter)
        persons = self._annotate(figures, camera, buffers)
        scene = Scene(int(index), self.size, camera, persons)
        if look is not None and persons:
            scene.image = self._paint(look, buffers, parts, panels, figures, camera)
        return scene

    def surround(
        self,
        rng: np.random.Generator,
        figures: list[Figure],
        camera: Camera,
        occluders: float,
    ) -> Clutter:
        """Draw distractors and occluders around people.

        Args:
            rng (np.random.Generator): Source of randomness.
            figures (list[Figure]): The people.
            camera (Camera): The camera.
            occluders (float): See the class.

        Returns:
            Clutter: Objects in front of and behind the people.
        """
        depths = np.concatenate(
            [camera.to_camera(f.landmarks())[:, 2] for f in figures]
        )
        limits = (float(depths.min()), float(depths.max()))
        material = len(figures) * MATERIALS
        return sample_clutter(
            rng, camera, self.size, limits, (self.clutter, occluders), material
        )

    def _draw(
        self, buffers: Buffers, figures: list[Figure], camera: Camera, clutter: Clutter
    ) -> tuple[Projected, list[np.ndarray]]:
        groups = [figure_solids(f, camera, i) for i, f in enumerate(figures)]
        groups += [rods for rods in (clutter.front, clutter.behind) if rods]
        parts = Projected(Solids.join(groups), camera)
        draw(parts, buffers)
        return parts, draw_panels(buffers, clutter.panels)

    def _annotate(self, figures, camera, buffers) -> list[Person]:
        least = self.min_area * self.size[0] * self.size[1]
        people = (annotate(f, i, camera, buffers) for i, f in enumerate(figures))
        return [
            p for p in people if p and p.area >= least and (p.visibility == 2).any()
        ]

    def _paint(
        self,
        rng: np.random.Generator,
        buffers: Buffers,
        parts: Projected,
        panels: list[np.ndarray],
        figures: list[Figure],
        camera: Camera,
    ) -> np.ndarray:
        stack = [paint(rng, figure.wardrobe) for figure in figures]
        rods = int(parts.solids.materials.max()) + 1 - len(figures) * MATERIALS
        stack.append(paint_clutter(rng, max(0, rods)))
        colors = np.concatenate(stack).reshape(-1, 3)
        image = background(rng, self.size, camera, self.clutter)
        cast_shadows(image, _shadow_spots(figures, camera))
        pixels, texels, bright = shade(parts, buffers, _sample_light(rng, camera))
        bright *= _contact(buffers).ravel()[pixels]
        lit = cv2.merge([bright] * 3).reshape(-1, 3)
        painted = cv2.multiply(colors.take(texels, axis=0), lit, dtype=cv2.CV_8U)
        image.reshape(-1, 3)[pixels] = painted
        paint_panels(rng, image, panels)
        return _photograph(rng, image)


def _sample_light(rng: np.random.Generator, camera: Camera) -> Light:
    """Draw a lamp above the scene, in camera axes."""
    azimuth, height = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 1.2)
    lamp = np.array([np.sin(azimuth), height, 0.4 + 0.6 * np.cos(azimuth)])
    lamp = camera.rotation @ (lamp / np.linalg.norm(lamp))
    diffuse = rng.uniform(0.25, 0.75)
    sky = camera.rotation @ np.array([0.0, 1.0, 0.0])
    return Light(lamp, sky, 0.98 - 0.62 * diffuse, diffuse, rng.uniform(0.05, 0.16))


def _contact(buffers: Buffers) -> np.ndarray:
    """Darken surfaces just behind nearer ones, as a cheap ambient occlusion."""
    finite = np.isfinite(buffers.depth)
    far = float(buffers.depth[finite].max()) if finite.any() else 1.0
    depth = np.minimum(buffers.depth, far)
    side = max(5, max(depth.shape) // 36 | 1)
    gap = depth - cv2.blur(depth, (side, side))
    return 1 - 2.2 * np.clip(gap - 0.01, 0, 0.12)


def _shadow_spots(figures: list[Figure], camera: Camera) -> np.ndarray:
    spots = []
    for figure in figures:
        points = figure.landmarks()[_GROUNDED]
        height = points[:, 1].copy()
        points[:, 1] = 0
        ground = camera.to_camera(points)
        pixels = camera.project(ground)
        pixels_per_meter = camera.focal / ground[:, 2]
        strength = 110 * np.clip(1 - height / 0.6, 0, 1)
        near = (strength > 4) & (ground[:, 2] > 0.3)
        radius = 0.16 * pixels_per_meter
        spots.append(np.column_stack([pixels, radius, strength])[near])
    return np.concatenate(spots)


def _photograph(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Apply blur, exposure, white balance and sensor noise of a camera."""
    sigma = rng.uniform(0.45, 0.75) if rng.random() < 0.75 else rng.uniform(0.75, 1.6)
    image = cv2.GaussianBlur(image, (0, 0), sigma)
    gain = rng.uniform(0.82, 1.15) * rng.uniform(0.94, 1.06, 3)
    offset = rng.uniform(-12, 12)
    ramp = np.arange(256, dtype=np.float64)[:, None]
    table = np.clip(ramp * gain + offset, 0, 255).astype(np.uint8)
    image = cv2.LUT(image, table[None])
    strength = rng.uniform(0.05, 0.6)
    return add_grain(rng, image, strength)
