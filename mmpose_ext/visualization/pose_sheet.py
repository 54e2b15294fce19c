"""A sheet of images with the true and the predicted skeletons."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from mmengine.dataset import BaseDataset, pseudo_collate
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import nn

from ..datasets.packed_dataset import whole_image
from ..utils.evaluating import evaluating
from ..utils.pictures import check_picture, write_picture

_TITLE_HEIGHT = 28


@torch.no_grad()
def predict_samples(
    model: nn.Module, dataset: BaseDataset, indices: Iterable[int]
) -> list[tuple[np.ndarray, PoseDataSample]]:
    """Run a top-down model on samples of a data set.

    Args:
        model (nn.Module): An MMPose estimator.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        indices (Iterable[int]): Indices of the samples.

    Returns:
        list[tuple]: For each sample the image as (H, W, 3) uint8 RGB and the data
        sample with ``gt_instances`` and ``pred_instances`` in its pixels.
    """
    results = []
    with evaluating(model):
        for index in indices:
            sample = model.test_step(pseudo_collate([dataset[index]]))[0]
            info = dataset.get_data_info(index)
            image = info.get('img')
            if image is None:
                image = cv2.imread(info['img_path'])
            elif 'crop_factor' in info:
                image = whole_image(info)
            results.append((image[..., ::-1].copy(), sample))
    return results


def draw_pose_pair(
    image: np.ndarray, sample: PoseDataSample, dataset_meta: dict
) -> np.ndarray:
    """Draw truth (left) and prediction (right) with MMPose's visualizer.

    Args:
        image (np.ndarray): (H, W, 3) uint8, RGB.
        sample (PoseDataSample): Sample with ``gt_instances`` and ``pred_instances``.
        dataset_meta (dict): The data set's ``metainfo``.

    Returns:
        np.ndarray: (H, 2 W, 3) uint8, RGB.
    """
    size = max(1, round(max(image.shape[:2]) / 160))
    visualizer = PoseLocalVisualizer(name='pose_sheet', radius=size, line_width=size)
    visualizer.set_dataset_meta(dataset_meta)
    # Every predicted joint is drawn: an uncertain one is part of the answer.
    visualizer.add_datasample('pair', image, sample, draw_bbox=False, kpt_thr=0.0)
    return visualizer.get_image()


def tile_images(
    images: Sequence[np.ndarray], columns: int, cell: tuple[int, int], gap: int = 6
) -> np.ndarray:
    """Put images into a grid on white.

    Args:
        images (Sequence[np.ndarray]): (h, w, 3) uint8 each.
        columns (int): Number of images in a row.
        cell (tuple[int, int]): Width and height of a cell, into which each
            image is scaled with its proportions kept.
        gap (int): Pixels between cells.

    Returns:
        np.ndarray: The sheet, (H, W, 3) uint8.
    """
    width, height = cell
    rows = -(-len(images) // columns)
    sheet = np.full(
        (rows * (height + gap) + gap, columns * (width + gap) + gap, 3), 255, np.uint8
    )
    for number, image in enumerate(images):
        scale = min(width / image.shape[1], height / image.shape[0])
        new = [max(1, round(image.shape[i] * scale)) for i in (1, 0)]
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(image, new, interpolation=interpolation)
        row, column = divmod(number, columns)
        top = gap + row * (height + gap) + (height - new[1]) // 2
        left = gap + column * (width + gap) + (width - new[0]) // 2
        sheet[top : top + new[1], left : left + new[0]] = small
    return sheet


def with_titles(sheet: np.ndarray, titles: Sequence[str]) -> np.ndarray:
    """Write a title above each column of a sheet.

    Args:
        sheet (np.ndarray): (H, W, 3) uint8, with columns of equal width.
        titles (Sequence[str]): One title for each column.

    Returns:
        np.ndarray: The sheet with a strip above it.
    """
    strip = np.full((_TITLE_HEIGHT, sheet.shape[1], 3), 255, np.uint8)
    width = sheet.shape[1] / len(titles)
    for number, title in enumerate(titles):
        (length, _), _ = cv2.getTextSize(title, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 1)
        left = round((number + 0.5) * width - length / 2)
        cv2.putText(
            strip,
            title,
            (left, _TITLE_HEIGHT - 8),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.6,
            (0, 0, 0),
            1,
            cv2.LINE_AA,
        )
    return np.concatenate((strip, sheet))


def save_pose_sheet(
    model: nn.Module,
    dataset: BaseDataset,
    out: str | os.PathLike,
    num: int = 12,
    columns: int = 3,
    cell: tuple[int, int] = (400, 200),
) -> Path:
    """Draw truth and prediction for samples spread over a data set, with titles.

    Args:
        model (nn.Module): An MMPose estimator.
        dataset (BaseDataset): Data set in test mode.
        out (str | os.PathLike): The picture to write, by its suffix.
        num (int): Number of samples, evenly spread.
        columns (int): Number of pairs in a row.
        cell (tuple[int, int]): Width and height of a pair in the sheet.

    Returns:
        Path: ``out``.
    """
    check_picture(out)
    indices = np.linspace(0, len(dataset) - 1, min(num, len(dataset))).astype(int)
    pairs = [
        draw_pose_pair(image, sample, dataset.metainfo)
        for image, sample in predict_samples(model, dataset, indices.tolist())
    ]
    sheet = tile_images(pairs, columns, cell)
    titles = ('truth', 'prediction') * columns
    return write_picture(out, with_titles(sheet, titles)[..., ::-1])
