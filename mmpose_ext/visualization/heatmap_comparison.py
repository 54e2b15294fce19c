"""Draws one joint's heat maps of several models side by side (DAUNet, Fig. 12)."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from mmengine.dataset import BaseDataset, pseudo_collate
from torch import nn

from ..utils.errors import UserError
from ..utils.evaluating import evaluating
from ..utils.pictures import check_picture, write_picture


@torch.no_grad()
def predict_heatmaps(model: nn.Module, dataset: BaseDataset, index: int) -> np.ndarray:
    """Return the heat maps of all joints, without flip test.

    Args:
        model (nn.Module): A top-down estimator with a heat-map head.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        index (int): Index of the sample.

    Returns:
        np.ndarray: (K, h, w) float32.
    """
    with evaluating(model):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        heatmaps = model(data['inputs'], None, mode='tensor')
    return heatmaps[0].float().cpu().numpy()


def predict_heatmap(
    model: nn.Module, dataset: BaseDataset, index: int, joint: int
) -> np.ndarray:
    """Return one joint's heat map (h, w); see :func:`predict_heatmaps`."""
    return predict_heatmaps(model, dataset, index)[joint]


def overlay_heatmap(
    image: np.ndarray, heatmap: np.ndarray, mark: bool = True
) -> np.ndarray:
    """Lay a heat map over its crop and mark its maximum.

    Args:
        image (np.ndarray): (H, W, 3) uint8, RGB.
        heatmap (np.ndarray): (h, w); its own range is mapped to the colors.
        mark (bool): Whether to mark the maximum.

    Returns:
        np.ndarray: (H, W, 3) uint8, RGB.
    """
    height, width = image.shape[:2]
    low, high = float(heatmap.min()), float(heatmap.max())
    scaled = (heatmap - low) / max(high - low, 1e-12) * 255
    large = cv2.resize(scaled, (width, height), interpolation=cv2.INTER_LINEAR)
    colors = cv2.applyColorMap(large.round().astype(np.uint8), cv2.COLORMAP_JET)
    mixed = (0.5 * image + 0.5 * colors[..., ::-1]).round().astype(np.uint8)
    mixed = np.ascontiguousarray(mixed)
    if not mark:
        return mixed
    y, x = np.unravel_index(heatmap.argmax(), heatmap.shape)
    center = (
        int((x + 0.5) * width / heatmap.shape[1]),
        int((y + 0.5) * height / heatmap.shape[0]),
    )
    cv2.drawMarker(mixed, center, (255, 255, 255), cv2.MARKER_CROSS, 9, 1)
    return mixed


def joint_index(names: Sequence[str], joint: str) -> int:
    """Return the index of a joint's name.

    Args:
        names (Sequence[str]): The data set's ``keypoint_id2name``, in order.
        joint (str): The name.

    Raises:
        UserError: If there is no such joint.
    """
    if joint not in names:
        raise UserError(
            f'the data set has no joint {joint!r}', f'choose from {", ".join(names)}'
        )
    return list(names).index(joint)


def joint_names(dataset: BaseDataset) -> list[str]:
    """Return the names of a data set's joints, in order."""
    names = dataset.metainfo['keypoint_id2name']
    return [names[i] for i in range(len(names))]


def input_image(dataset: BaseDataset, index: int) -> np.ndarray:
    """Return the network's input for a sample, (H, W, 3) uint8, RGB.

    Args:
        dataset (BaseDataset): Data set in test mode; its pipeline makes the crop.
        index (int): Index of the sample.

    Raises:
        UserError: If there is no such sample.
    """
    if not 0 <= index < len(dataset):
        raise UserError(
            f'the data set has no sample {index}',
            f'choose from 0 to {len(dataset) - 1}',
        )
    return dataset[index]['inputs'].permute(1, 2, 0).numpy()[..., ::-1]


def save_heatmap_comparison(
    models: Mapping[str, nn.Module],
    dataset: BaseDataset,
    index: int,
    joint: str,
    out: str | os.PathLike,
) -> Path:
    """Draw the crop and each model's heat map of one joint.

    Args:
        models (Mapping[str, nn.Module]): Models by the name above the picture.
        dataset (BaseDataset): Data set in test mode; its pipeline makes the crop.
        index (int): Index of the sample.
        joint (str): The joint's name.
        out (str | os.PathLike): The picture to write, by its suffix.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If the data set has no such joint or sample.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    number = joint_index(joint_names(dataset), joint)
    crop = input_image(dataset, index)
    figure = Figure(figsize=(2.4 * (len(models) + 1), 2.9), layout='constrained')
    panels = figure.subplots(1, len(models) + 1)
    panels[0].imshow(crop)
    panels[0].set_title(f'sample {index}, {joint}', fontsize='small')
    for axes, (name, model) in zip(panels[1:], models.items(), strict=True):
        heatmap = predict_heatmap(model, dataset, index, number)
        axes.imshow(overlay_heatmap(crop, heatmap))
        axes.set_title(f'{name}\nmaximum {heatmap.max():.2f}', fontsize='small')
    for axes in panels:
        axes.axis('off')
    return write_picture(out, figure, dpi=120)
