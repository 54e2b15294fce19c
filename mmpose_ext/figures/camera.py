"""A pinhole camera."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Camera:
    """Perspective projection without lens distortion.

    Camera axes: x right, y down, z forward, in meters. Pixel (0, 0) is the
    center of the upper left pixel, as in OpenCV and MMPose.

    Args:
        focal (float): Focal length in pixels.
        center (np.ndarray): Principal point (x, y) in pixels.
        rotation (np.ndarray): World to camera, of shape (3, 3).
        translation (np.ndarray): Added after the rotation, of shape (3,).
    """

    focal: float
    center: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """Convert world points (..., 3) to camera coordinates, in meters."""
        return points @ self.rotation.T + self.translation

    def project(self, points: np.ndarray) -> np.ndarray:
        """Project points given in camera axes.

        Args:
            points (np.ndarray): Meters, of shape (..., 3).

        Returns:
            np.ndarray: Pixels, of shape (..., 2).
        """
        return self.focal * points[..., :2] / points[..., 2:] + self.center


def look_at(
    target: np.ndarray,
    distance: float,
    pitch: float,
    roll: float,
    focal: float,
    center: np.ndarray,
) -> Camera:
    """Place a camera in front of a target, in the direction of +z.

    Args:
        target (np.ndarray): World point that projects to ``center``.
        distance (float): Distance from the camera to the target, in meters.
        pitch (float): Angle by which the camera looks down, in degrees.
        roll (float): Rotation about the optical axis, in degrees.
        focal (float): Focal length in pixels.
        center (np.ndarray): Principal point in pixels.

    Returns:
        Camera: The camera.
    """
    p, r = np.deg2rad(pitch), np.deg2rad(roll)
    forward = np.array([0.0, -np.sin(p), -np.cos(p)])
    down = np.array([0.0, -np.cos(p), np.sin(p)])
    right = np.array([1.0, 0.0, 0.0])
    rows = (
        np.cos(r) * right + np.sin(r) * down,
        np.cos(r) * down - np.sin(r) * right,
        forward,
    )
    rotation = np.stack(rows)
    translation = np.array([0.0, 0.0, distance]) - rotation @ target
    return Camera(focal, center, rotation, translation)
