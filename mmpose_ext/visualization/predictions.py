"""Draws predicted people on their image with MMPose's visualizer."""

from typing import Any

import cv2
import numpy as np
from mmengine.structures import InstanceData, PixelData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer

from ..apis.results import PERSON_SCORE, PoseResult

# Shorter side of an image, in pixels, on which MMPose's line width of 1 looks right.
_SIDE = 256


class PosePainter:
    """Draws results of one set of key points.

    Args:
        meta (dict): MMPose's ``dataset_meta``.
        person_score (float): People of lower scores are left out. Default: 0.3.
        keypoint_score (float): Key points of lower scores are left out. Default: 0.3.
        boxes (bool): Whether to draw boxes. Default: True.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        person_score: float = PERSON_SCORE,
        keypoint_score: float = 0.3,
        boxes: bool = True,
    ) -> None:
        self.person_score, self.keypoint_score = person_score, keypoint_score
        self.boxes = boxes
        self.visualizer = PoseLocalVisualizer(name='predictions')
        self.visualizer.set_dataset_meta(meta)

    def draw(self, image: np.ndarray, result: PoseResult) -> np.ndarray:
        """Return a picture of the people, with their heat maps below if there are any.

        Args:
            image (np.ndarray): (H, W, 3) uint8, BGR.
            result (PoseResult): The people found in it.

        Returns:
            np.ndarray: (H', W, 3) uint8, BGR; H' is 2 H with heat maps, else H.
        """
        people = result.above(self.person_score)
        if not len(people) and people.heatmaps is None:
            return image.copy()
        sample = PoseDataSample(pred_instances=InstanceData())
        if len(people):
            sample.pred_instances = InstanceData(
                keypoints=people.keypoints,
                keypoint_scores=people.keypoint_scores,
                bboxes=people.boxes,
            )
        if people.heatmaps is not None:
            sample.pred_fields = PixelData(heatmaps=people.heatmaps)
        width = max(1, round(min(image.shape[:2]) / _SIDE))
        self.visualizer.line_width, self.visualizer.radius = width, 2 * width
        picture = self.visualizer.add_datasample(
            'result',
            np.ascontiguousarray(image[..., ::-1]),
            sample,
            draw_gt=False,
            draw_bbox=self.boxes and len(people) > 0,
            draw_heatmap=people.heatmaps is not None,
            kpt_thr=self.keypoint_score,
        )
        picture = np.ascontiguousarray(picture[..., ::-1])
        if people.ids is not None:
            _write_ids(picture, people.ids, people.boxes)
        return picture


def _write_ids(picture: np.ndarray, ids: np.ndarray, boxes: np.ndarray) -> None:
    """Write each person's number at the corner of the box."""
    size = max(0.4, min(picture.shape[:2]) / 600)
    for number, (left, top, *_) in zip(ids, boxes, strict=True):
        place = (int(left) + 3, int(top) + round(24 * size))
        for color, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
            cv2.putText(
                picture,
                str(number),
                place,
                cv2.FONT_HERSHEY_SIMPLEX,
                size,
                color,
                thickness,
                cv2.LINE_AA,
            )
