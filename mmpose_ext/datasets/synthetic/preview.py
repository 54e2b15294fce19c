"""Contact sheets of figures with their joints."""

import cv2
import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ...figures.scene import Scene
from ..conventions import CONVENTIONS, metainfo_file


def draw_joints(scene: Scene, convention: str, zoom: int = 2) -> np.ndarray:
    """Draw the annotations of a scene.

    Args:
        scene (Scene): The scene, with its image.
        convention (str): Convention of the joints to draw, in the colors of its
            meta-information; occluded joints are rings, others discs.
        zoom (int): Magnification of the image.

    Returns:
        np.ndarray: BGR of shape (zoom * H, zoom * W, 3), uint8.
    """
    meta = parse_pose_metainfo({'from_file': metainfo_file(convention)})
    image = cv2.resize(scene.image, None, fx=zoom, fy=zoom)
    for person in scene.persons:
        points = person.keypoints(CONVENTIONS[convention])
        # The center of pixel 0 lies at (zoom - 1) / 2.
        places = np.rint(points[:, :2] * zoom + (zoom - 1) / 2).astype(int).tolist()
        links = zip(meta['skeleton_links'], meta['skeleton_link_colors'], strict=True)
        for (a, b), color in links:
            if points[a, 2] and points[b, 2]:
                bgr = [int(c) for c in color[::-1]]
                cv2.line(image, places[a], places[b], bgr, zoom // 2 + 1, cv2.LINE_AA)
        for place, flag, color in zip(
            places, points[:, 2], meta['keypoint_colors'], strict=True
        ):
            if flag:
                bgr = [int(c) for c in color[::-1]]
                fill = -1 if flag == 2 else 1
                cv2.circle(image, place, zoom + 1, bgr, fill, cv2.LINE_AA)
    return image


def contact_sheet(tiles: list[np.ndarray], columns: int) -> np.ndarray:
    """Arrange images of the same size in rows.

    Args:
        tiles (list[np.ndarray]): Images of shape (H, W, 3).
        columns (int): Number of images in a row; the last row is padded with black.

    Returns:
        np.ndarray: The sheet.
    """
    missing = -len(tiles) % columns
    tiles = tiles + [np.zeros_like(tiles[0])] * missing
    rows = [np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)]
    return np.vstack(rows)
