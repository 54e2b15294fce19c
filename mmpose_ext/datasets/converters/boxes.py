"""Bounding boxes for data sets that do not annotate any."""

import numpy as np

# MMPose's estimate of the area that OKS needs, for data without segmentation masks.
AREA_OF_BOX = 0.53


def joints_to_bbox(
    joints: np.ndarray, image_size: tuple[int, int], padding: float
) -> np.ndarray | None:
    """Compute a person's box from the annotated joints.

    All four sides move out by the same margin, ``(padding - 1) / 2`` times the
    longer side of the tight box, so that a person seen edge-on still gets a usable
    width. The result is clipped to the image.

    >>> joints = np.array([[10, 20, 2], [30, 60, 2], [0, 0, 0]])
    >>> joints_to_bbox(joints, (100, 100), padding=1.2).round(3).tolist()
    [6.0, 16.0, 28.0, 48.0]

    Args:
        joints (np.ndarray): x, y, visibility, in shape (K, 3).
        image_size (tuple[int, int]): Width and height.
        padding (float): Factor on the longer side.

    Returns:
        np.ndarray | None: x, y, width, height; None if nothing is left.
    """
    points = joints[joints[:, 2] > 0, :2]
    if len(points) == 0:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    margin = (padding - 1) / 2 * (high - low).max()
    low = np.clip(low - margin, 0, image_size)
    high = np.clip(high + margin, 0, image_size)
    # MMPose silently drops boxes that are less than a pixel wide or high.
    return np.concatenate([low, high - low]) if (high - low).min() >= 1 else None
