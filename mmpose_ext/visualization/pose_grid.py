"""A grid of images with predicted skeletons (DAUNet, Figs. 8, 10 and 11)."""

import os
from pathlib import Path

import numpy as np
from mmengine.dataset import BaseDataset
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import nn

from ..utils.pictures import check_picture, write_picture
from .pose_sheet import predict_samples, tile_images


def draw_prediction(
    image: np.ndarray, sample: PoseDataSample, dataset_meta: dict, threshold: float
) -> np.ndarray:
    """Draw only the predicted skeleton.

    Args:
        image (np.ndarray): (H, W, 3) uint8, RGB.
        sample (PoseDataSample): Sample with ``pred_instances``.
        dataset_meta (dict): The data set's ``metainfo``.
        threshold (float): Joints of lower scores are left out.

    Returns:
        np.ndarray: (H, W, 3) uint8, RGB.
    """
    size = max(1, round(max(image.shape[:2]) / 160))
    visualizer = PoseLocalVisualizer(name='pose_grid', radius=size, line_width=size)
    visualizer.set_dataset_meta(dataset_meta)
    visualizer.add_datasample(
        'prediction', image, sample, draw_gt=False, draw_bbox=False, kpt_thr=threshold
    )
    return visualizer.get_image()


def save_pose_grid(
    model: nn.Module,
    dataset: BaseDataset,
    out: str | os.PathLike,
    num: int = 12,
    columns: int = 4,
    cell: tuple[int, int] = (240, 240),
    threshold: float = 0.2,
) -> Path:
    """Draw predictions for samples spread over a data set.

    Args:
        model (nn.Module): An MMPose estimator.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        out (str | os.PathLike): The picture to write, by its suffix.
        num (int): Number of samples, evenly spread.
        columns (int): Number of images in a row.
        cell (tuple[int, int]): Width and height of an image in the grid.
        threshold (float): Joints of lower scores are left out.

    Returns:
        Path: ``out``.
    """
    check_picture(out)
    indices = np.linspace(0, len(dataset) - 1, min(num, len(dataset))).astype(int)
    images = [
        draw_prediction(image, sample, dataset.metainfo, threshold)
        for image, sample in predict_samples(model, dataset, indices.tolist())
    ]
    grid = tile_images(images, columns, cell)
    return write_picture(out, grid[..., ::-1])
