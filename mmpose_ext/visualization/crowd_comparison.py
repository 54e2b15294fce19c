"""One-stage networks side by side on images of several people.

LRFG-YOLOPose's Figs. 5 to 7: baseline and improved network on crowded scenes, one
person, many people. The paper does not say how its images were chosen; here the
number of annotated people ranks them.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import nn

from ..utils.errors import UserError
from ..utils.pictures import check_picture, write_picture
from .pose_sheet import predict_samples, tile_images, with_titles


def count_people(info: Mapping) -> int:
    """Count the people with an annotated joint in an image.

    Args:
        info (Mapping): The image's entry in a data set in bottom-up mode.
    """
    visible = info.get('keypoints_visible')
    if visible is None or len(visible) == 0:
        return 0
    return int((np.asarray(visible) > 0).any(axis=1).sum())


def choose_images(
    dataset: BaseDataset, num: int, fewest: int = 2, most: int | None = None
) -> list[int]:
    """Choose the images of a data set with the most people.

    Args:
        dataset (BaseDataset): Data set in bottom-up mode.
        num (int): Maximum number of images.
        fewest (int): Minimum number of people in an image. Default: 2.
        most (int, optional): Maximum number of people; 1 for single-person scenes.

    Returns:
        list[int]: Their indices, the most crowded first, then in the data set's
        order.

    Raises:
        UserError: If no image fits.
    """
    people = [count_people(dataset.get_data_info(i)) for i in range(len(dataset))]
    fits = [
        i
        for i, count in enumerate(people)
        if count >= fewest and (most is None or count <= most)
    ]
    if not fits:
        raise UserError(
            f'no image of {len(people)} has {fewest} to {most or "any number of"} '
            f'annotated people; the most crowded has {max(people, default=0)}',
            'ask for fewer people',
        )
    return sorted(fits, key=lambda i: -people[i])[:num]


def confident(instances: InstanceData, threshold: float) -> InstanceData:
    """Return the people above a score, the best first.

    Args:
        instances (InstanceData): People with ``bbox_scores`` (n,).
        threshold (float): The score. At 0.001, which evaluation needs, hundreds of
            boxes are left, too many to draw.
    """
    scores = np.asarray(instances.bbox_scores)
    order = np.argsort(-scores, kind='stable')
    return instances[order[scores[order] > threshold]]


def draw_people(
    image: np.ndarray,
    people: InstanceData,
    dataset_meta: dict,
    size: int = 480,
    kpt_thr: float = 0.5,
) -> np.ndarray:
    """Draw boxes and skeletons on an enlarged image.

    Args:
        image (np.ndarray): (H, W, 3) uint8, RGB.
        people (InstanceData): ``keypoints`` (n, K, 2), ``keypoint_scores`` (n, K) and
            ``bboxes`` (n, 4) in the image's pixels.
        dataset_meta (dict): The data set's ``metainfo``.
        size (int): Longer side of the picture.
        kpt_thr (float): Joints of lower scores are left out.

    Returns:
        np.ndarray: (H', W', 3) uint8, RGB.
    """
    zoom = size / max(image.shape[:2])
    large = cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    if not len(people):
        return large
    drawn = PoseDataSample(
        pred_instances=InstanceData(
            keypoints=np.asarray(people.keypoints, np.float32) * zoom,
            keypoint_scores=np.asarray(people.keypoint_scores, np.float32),
            bboxes=np.asarray(people.bboxes, np.float32) * zoom,
        )
    )
    visualizer = PoseLocalVisualizer(name='crowd', radius=3, line_width=2)
    visualizer.set_dataset_meta(dataset_meta)
    visualizer.add_datasample(
        'sample', large, drawn, draw_gt=False, draw_bbox=True, kpt_thr=kpt_thr
    )
    return visualizer.get_image()


def truth_of(sample: PoseDataSample) -> InstanceData:
    """Return the annotated people in the form of predictions, with hidden joints."""
    truth = sample.gt_instances
    return InstanceData(
        keypoints=truth.keypoints,
        keypoint_scores=(truth.keypoints_visible > 0).astype(np.float32),
        bboxes=truth.bboxes,
    )


def save_crowd_comparison(
    models: Mapping[str, nn.Module],
    dataset: BaseDataset,
    indices: Sequence[int],
    out: str | os.PathLike,
    size: int = 480,
    score_thr: float = 0.3,
    kpt_thr: float = 0.5,
    truth: bool = False,
) -> Path:
    """Draw a row for each image and a column for each network.

    Args:
        models (Mapping[str, nn.Module]): Estimators in bottom-up mode by title.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        indices (Sequence[int]): Indices of the images in it.
        out (str | os.PathLike): The picture to write, by its suffix.
        size (int): Longer side of an image in pixels.
        score_thr (float): People of lower scores are left out.
        kpt_thr (float): Joints of lower scores are left out.
        truth (bool): Whether the first column shows the annotation.

    Returns:
        Path: ``out``.
    """
    check_picture(out)
    columns: dict[str, list[np.ndarray]] = {'truth': []} if truth else {}
    for name, model in models.items():
        columns[name] = []
        for image, sample in predict_samples(model, dataset, indices):
            people = confident(sample.pred_instances, score_thr)
            columns[name].append(
                draw_people(image, people, dataset.metainfo, size, kpt_thr)
            )
            if truth and len(columns['truth']) < len(indices):
                marked = draw_people(image, truth_of(sample), dataset.metainfo, size)
                columns['truth'].append(marked)
    rows = [
        tile_images(row, len(row), (size, max(len(picture) for picture in row)))
        for row in zip(*columns.values(), strict=True)
    ]
    sheet = np.concatenate(rows)
    return write_picture(out, with_titles(sheet, list(columns))[..., ::-1])
