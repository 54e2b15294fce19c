"""Draws the pictures of each run for the report."""

from pathlib import Path

import numpy as np
from mmengine.dataset import BaseDataset
from torch import nn

from ..visualization import (
    choose_images,
    save_crowd_comparison,
    save_hard_examples,
    save_pose_sheet,
)

SHEET, WORST = 'predictions.jpg', 'worst.jpg'
#: Prefix of what COCO's metric writes: results, and precision-recall curves.
TEST = 'test'
CURVES = f'{TEST}.curves.json'
#: Most samples that are searched for the worst errors.
MOST_SAMPLES = 500
_SCENES = 3


def save_run_pictures(model: nn.Module, dataset: BaseDataset, folder: Path) -> None:
    """Draw predictions and, for a top-down network, its worst errors.

    Args:
        model (nn.Module): The trained model.
        dataset (BaseDataset): The test data set, in test mode.
        folder (Path): The run's folder.
    """
    if dataset.data_mode == 'bottomup':
        images = choose_images(dataset, _SCENES, fewest=1)
        save_crowd_comparison(
            {'prediction': model}, dataset, images, folder / SHEET, size=320, truth=True
        )
        return
    save_pose_sheet(model, dataset, folder / SHEET)
    if len(dataset) > MOST_SAMPLES:
        chosen = np.linspace(0, len(dataset) - 1, MOST_SAMPLES).astype(int)
        dataset = dataset.get_subset(chosen.tolist())
    save_hard_examples(
        {'prediction': model}, dataset, folder / WORST, num=4, rule='worst'
    )
