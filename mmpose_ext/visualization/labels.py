"""Drawing of labels that may be invalid."""

import numpy as np
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer


def drawable(values: np.ndarray, limit: float) -> np.ndarray:
    """Check which rows of coordinates OpenCV can draw.

    Args:
        values (np.ndarray): Coordinates, (..., D).
        limit (float): Largest absolute value.

    Returns:
        np.ndarray: (...) bool.
    """
    with np.errstate(invalid='ignore'):
        return (np.abs(values) <= limit).all(axis=-1)


def draw_labels(
    image: np.ndarray,
    points: np.ndarray,
    visible: np.ndarray,
    boxes: np.ndarray | None,
    meta: dict,
) -> tuple[np.ndarray, list[str]]:
    """Draw skeletons and boxes, and report what cannot be drawn.

    Args:
        image (np.ndarray): (H, W, 3) uint8, RGB; it is not changed.
        points (np.ndarray): Joints in its pixels, (N, K, 2).
        visible (np.ndarray): (N, K); positive where a joint is annotated.
        boxes (np.ndarray | None): Corners (N, 4) in its pixels.
        meta (dict): Parsed meta information of the data set.

    Returns:
        tuple[np.ndarray, list[str]]: The drawing, and what is missing from it.
    """
    count, problems = meta['num_keypoints'], []
    if points.ndim != 3 or visible.shape != points.shape[:2]:
        return image.copy(), [f'joints of shape {points.shape} cannot be drawn']
    if points.shape[1] != count:
        problems.append(f'{points.shape[1]} joints for {count} of the data set')
        points, visible = _resized(points, count), _resized(visible, count)
    # Beyond ten image sizes nothing is visible, and OpenCV's integers overflow.
    limit = 10.0 * max(image.shape[:2])
    good = drawable(points, limit) & np.isfinite(visible)
    annotated = ~(visible <= 0)
    if lost := int((annotated & ~good).sum()):
        problems.append(f'{lost} annotated joints nan or far outside')
    drawn = PoseDataSample()
    drawn.gt_instances = InstanceData(
        keypoints=np.where(good[..., None], points, 0.0),
        keypoints_visible=(annotated & good).astype(float),
    )
    if boxes is not None:
        usable = drawable(boxes, limit)[:, None] if len(boxes) else np.zeros((0, 1))
        drawn.gt_instances.bboxes = np.where(usable, boxes, 0.0)
    visualizer = PoseLocalVisualizer(name='contact_sheet', radius=3, line_width=2)
    visualizer.set_dataset_meta(meta)
    visualizer.add_datasample(
        'sample',
        image,
        drawn,
        draw_pred=False,
        draw_bbox=boxes is not None,
        kpt_thr=0.5,
    )
    return visualizer.get_image(), problems


def _resized(values: np.ndarray, count: int) -> np.ndarray:
    """Cut, or pad with zeros, to ``count`` joints (axis 1)."""
    result = np.zeros((values.shape[0], count, *values.shape[2:]))
    kept = min(count, values.shape[1])
    result[:, :kept] = values[:, :kept]
    return result
