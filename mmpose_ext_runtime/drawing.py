"""Draws people on an image."""

import cv2
import numpy as np

from .manifest import Manifest
from .pose_model import People

_ORANGE = (255, 128, 0)


def draw_people(
    image: np.ndarray, people: People, manifest: Manifest, score_thr: float = 0.3
) -> np.ndarray:
    """Draw boxes, lines and key points.

    Args:
        image (np.ndarray): (H, W, 3) uint8, BGR; it is not changed.
        people (People): The people that were found in it.
        manifest (Manifest): The network's manifest, for lines and colors.
        score_thr (float): Key points with smaller scores are left out. Default: 0.3.

    Returns:
        np.ndarray: The picture, (H, W, 3) uint8, BGR.
    """
    picture = image.copy()
    thick = max(1, round(max(image.shape[:2]) / 400))
    colors = manifest.keypoint_colors or (_ORANGE,) * len(manifest.keypoint_names)
    lines = manifest.skeleton_colors or (_ORANGE,) * len(manifest.skeleton)
    for box, points, scores in zip(
        people.boxes, people.keypoints, people.scores, strict=True
    ):
        good = (scores > score_thr) & np.isfinite(points).all(1)
        # Far away points would overflow OpenCV's fixed-point coordinates.
        places = np.clip(np.nan_to_num(points), -1e4, 1e4).round().astype(int).tolist()
        left, top, right, bottom = box.round().astype(int).tolist()
        cv2.rectangle(picture, (left, top), (right, bottom), (160, 160, 160), thick)
        for (a, b), color in zip(manifest.skeleton, lines, strict=True):
            if good[a] and good[b]:
                cv2.line(picture, places[a], places[b], color[::-1], thick, cv2.LINE_AA)
        for place, color, drawn in zip(places, colors, good, strict=True):
            if drawn:
                cv2.circle(picture, place, thick + 1, color[::-1], -1, cv2.LINE_AA)
    return picture
