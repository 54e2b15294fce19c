"""Scenes and people with exact annotations."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from .camera import Camera
from .landmarks import LANDMARK_INDEX, LANDMARKS, ON_LEGS, SKIN_DEPTH, landmark_indices
from .layout import Figure
from .raster import Buffers

#: Value of the id buffer for things in front of the people.
OCCLUDER = 100


@dataclass
class Person:
    """One person of a scene, with exact annotations.

    Args:
        figure (Figure): The posed body in the world.
        camera (Camera): The camera.
        joints3d (np.ndarray): Named points in camera axes (x right, y down, z
            forward) in meters, (M, 3), in the order of
            :data:`~.landmarks.LANDMARKS`.
        joints2d (np.ndarray): Their exact projections in pixels, (M, 2).
        visibility (np.ndarray): COCO's flags, (M,): 2 visible, 1 inside the
            image but occluded, 0 outside.
        mask (np.ndarray): Visible pixels, (H, W) booleans.
        bbox (np.ndarray): Box of the mask, x, y, width, height.
        area (int): Number of visible pixels.
    """

    figure: Figure
    camera: Camera
    joints3d: np.ndarray
    joints2d: np.ndarray
    visibility: np.ndarray
    mask: np.ndarray = field(repr=False)
    bbox: np.ndarray
    area: int

    def keypoints(self, names: tuple[str, ...] = LANDMARKS) -> np.ndarray:
        """Return joints in the image.

        Args:
            names (tuple[str, ...]): Names of the landmarks, in order; those of the
                data sets are in
                :data:`mmpose_ext.datasets.conventions.CONVENTIONS`.

        Returns:
            np.ndarray: x, y in pixels and visibility v (2, 1 or 0) of shape (K, 3),
            float64. Joints with v = 0 keep their exact position outside the image.

        Raises:
            ConfigError: If a landmark is unknown.
        """
        rows = landmark_indices(names)
        return np.column_stack([self.joints2d[rows], self.visibility[rows]])

    def keypoints3d(self, names: tuple[str, ...] = LANDMARKS) -> np.ndarray:
        """Return joints in camera axes in meters, (K, 3)."""
        return self.joints3d[landmark_indices(names)]

    @property
    def head_length(self) -> float:
        """The distance from the upper neck to the head top in pixels.

        It is measured in 3D, so a head seen from above is not foreshortened.
        """
        ends = [LANDMARK_INDEX[name] for name in ('head_top', 'upper_neck')]
        length = np.linalg.norm(self.joints3d[ends[0]] - self.joints3d[ends[1]])
        depth = self.joints3d[LANDMARK_INDEX['head'], 2]
        return float(length * self.camera.focal / depth)


@dataclass
class Scene:
    """An image and everything in it.

    Args:
        index (int): Number of the image in its generator.
        size (tuple[int, int]): Width and height.
        camera (Camera): The camera.
        persons (list[Person]): The people of whom enough is visible.
        image (np.ndarray | None): BGR of shape (H, W, 3), uint8; None if only
            annotations were requested.
    """

    index: int
    size: tuple[int, int]
    camera: Camera
    persons: list[Person]
    image: np.ndarray | None = field(default=None, repr=False)


def visibility_flags(
    joints2d: np.ndarray,
    depth: np.ndarray,
    skin: np.ndarray,
    owner: int,
    buffers: Buffers,
) -> np.ndarray:
    """Decide from the drawn surfaces which joints are visible.

    A joint is occluded if its pixel shows another person or an occluder, or if the
    person's own surface lies further in front of the joint than the thickness of the
    flesh around it.

    Args:
        joints2d (np.ndarray): Pixels, (M, 2).
        depth (np.ndarray): Distance of each joint from the camera plane, (M,).
        skin (np.ndarray): Thickness of the flesh over it in meters, (M,).
        owner (int): The person's value in the id buffer.
        buffers (Buffers): The drawn scene.

    Returns:
        np.ndarray: 2, 1 or 0 for each joint, (M,), int64.
    """
    height, width = buffers.owner.shape
    pixel = np.rint(joints2d).astype(np.int64)
    inside = ((pixel >= 0) & (pixel < (width, height))).all(1)
    x, y = np.clip(pixel, 0, (width - 1, height - 1)).T
    on_top = buffers.owner[y, x]
    own = (on_top == owner) & (depth - buffers.depth[y, x] <= skin)
    return np.where(inside, np.where(own | (on_top < 0), 2, 1), 0)


def annotate(
    figure: Figure, owner: int, camera: Camera, buffers: Buffers
) -> Person | None:
    """Read a person's annotations from the drawn buffers.

    Args:
        figure (Figure): The person.
        owner (int): The person's value in the id buffer.
        camera (Camera): The camera.
        buffers (Buffers): The drawn scene.

    Returns:
        Person | None: The annotated person; None if no pixel is visible.
    """
    mask = buffers.owner == owner
    area = cv2.countNonZero(mask.view(np.uint8))
    if not area:
        return None
    joints3d = camera.to_camera(figure.landmarks())
    joints2d = camera.project(joints3d)
    skin = SKIN_DEPTH * figure.body.stature * max(1.0, figure.body.build)
    skin = skin * np.where(
        ON_LEGS, figure.wardrobe.loose_leg, figure.wardrobe.loose_top
    )
    flags = visibility_flags(joints2d, joints3d[:, 2], skin, owner, buffers)
    box = cv2.boundingRect(mask.view(np.uint8))
    return Person(
        figure,
        camera,
        joints3d,
        joints2d,
        flags,
        mask,
        np.array(box, dtype=np.float64),
        area,
    )
