"""Skeletons and heat maps of several networks on hard images (SADI-Net, Figs. 6, 7).

The paper does not say how its images were chosen; here a rule ranks them.
"""

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from mmengine.dataset import BaseDataset, pseudo_collate
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import nn
from tqdm import tqdm

from ..utils.errors import UserError, choose_from
from ..utils.evaluating import evaluating
from ..utils.pictures import check_picture, write_picture
from .heatmap_comparison import input_image, overlay_heatmap, predict_heatmaps

RULES = ('occluded', 'worst')


@dataclass(frozen=True)
class HardSample:
    """One sample of a ranking.

    Attributes:
        index (int): Index in the data set.
        occluded (int): Number of joints that are not annotated as visible.
        error (float): Mean distance of the annotated joints from the prediction,
            over all networks, as a fraction of the crop's longer side.
    """

    index: int
    occluded: int
    error: float


@torch.no_grad()
def predict_dataset(
    models: Sequence[nn.Module], dataset: BaseDataset, batch_size: int = 32
) -> list[list[PoseDataSample]]:
    """Run each model's own test on a whole data set, which is read once.

    Args:
        models (Sequence[nn.Module]): MMPose estimators.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        batch_size (int): Number of samples per batch.

    Returns:
        list[list[PoseDataSample]]: One list for each model, in the data set's order.
    """
    results: list[list[PoseDataSample]] = [[] for _ in models]
    starts = range(0, len(dataset), batch_size)
    with evaluating(*models):
        for start in tqdm(starts, 'predictions', disable=None):
            stop = min(start + batch_size, len(dataset))
            items = [dataset[i] for i in range(start, stop)]
            for model, found in zip(models, results, strict=True):
                # test_step writes into the samples.
                batch = pseudo_collate(copy.deepcopy(items))
                found.extend(model.test_step(batch))
    return results


def count_occluded(sample: PoseDataSample) -> int:
    """Count the joints of a sample that its annotation does not call visible.

    MMPose's ``keypoints_visible`` does not distinguish hidden and visible joints;
    COCO's own flag (2 is visible) is still in ``raw_ann_info``. Without it, joints that
    are not annotated count.
    """
    raw = sample.metainfo.get('raw_ann_info')
    raw = raw[0] if isinstance(raw, list) else raw
    if raw and len(raw.get('keypoints', ())):
        return int((np.reshape(raw['keypoints'], (-1, 3))[:, 2] < 2).sum())
    return int((sample.gt_instances.keypoints_visible[0] == 0).sum())


def sample_error(sample: PoseDataSample) -> float:
    """Return the annotated joints' mean error in units of the crop's longer side."""
    truth, found = sample.gt_instances, sample.pred_instances
    seen = truth.keypoints_visible[0] > 0
    gaps = np.linalg.norm(truth.keypoints[0] - found.keypoints[0], axis=-1)[seen]
    return float(gaps.mean() / max(sample.metainfo['input_scale']))


def rank_hard_samples(
    predictions: Sequence[Sequence[PoseDataSample]],
    rule: str = 'occluded',
    num: int = 6,
) -> list[HardSample]:
    """Choose the hardest samples on which people can still judge the networks.

    At least half of the joints must be annotated, and at least half visible, since a
    comparison on a person who cannot be seen is meaningless.

    Args:
        predictions (Sequence[Sequence[PoseDataSample]]): One sequence for each
            network, over the whole data set.
        rule (str): ``'occluded'``: most joints that are not visible, then the
            largest error. ``'worst'``: largest error. Default: ``'occluded'``.
        num (int): Number of samples. Default: 6.

    Returns:
        list[HardSample]: The hardest first.

    Raises:
        UserError: If the rule is unknown, or no sample has enough joints.
    """
    if rule not in RULES:
        raise UserError(f'rule={rule!r} is unknown', choose_from(RULES, rule))
    ranked = [
        HardSample(
            index,
            count_occluded(samples[0]),
            float(np.mean([sample_error(s) for s in samples])),
        )
        for index, samples in enumerate(zip(*predictions, strict=True))
        if (samples[0].gt_instances.keypoints_visible[0] > 0).mean() >= 0.5
        and 2 * count_occluded(samples[0]) <= samples[0].gt_instances.keypoints.shape[1]
    ]
    if not ranked:
        raise UserError(
            'no sample has half of its joints annotated and visible',
            'choose another data set',
        )
    if rule == 'worst':
        return sorted(ranked, key=lambda s: -s.error)[:num]
    return sorted(ranked, key=lambda s: (-s.occluded, -s.error))[:num]


def draw_on_crop(
    crop: np.ndarray,
    sample: PoseDataSample,
    dataset_meta: dict,
    truth: bool = False,
    size: int = 320,
) -> np.ndarray:
    """Draw a skeleton on the network's input.

    Args:
        crop (np.ndarray): (H, W, 3) uint8, RGB.
        sample (PoseDataSample): Sample with joints in the image's pixels.
        dataset_meta (dict): The data set's ``metainfo``.
        truth (bool): Whether to draw the annotated joints, not the predicted ones.
        size (int): Longer side of the picture.

    Returns:
        np.ndarray: (H', W', 3) uint8, RGB.
    """
    info = sample.metainfo
    zoom = size / max(crop.shape[:2])
    large = cv2.resize(crop, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    source = sample.gt_instances if truth else sample.pred_instances
    corner = info['input_center'] - 0.5 * info['input_scale']
    points = (source.keypoints[:1] - corner) / info['input_scale']
    points = points * (large.shape[1], large.shape[0])
    weight = np.ones(points.shape[:2])
    if truth:
        weight = (sample.gt_instances.keypoints_visible[:1] > 0).astype(float)
    # The visualizer compares its threshold with keypoints_visible.
    instances = InstanceData(
        keypoints=points, keypoint_scores=weight, keypoints_visible=weight
    )
    drawn = PoseDataSample(pred_instances=instances)
    visualizer = PoseLocalVisualizer(name='hard', radius=4, line_width=3)
    visualizer.set_dataset_meta(dataset_meta)
    visualizer.add_datasample(
        'sample', large, drawn, draw_gt=False, draw_bbox=False, kpt_thr=0.5
    )
    return visualizer.get_image()


def save_hard_examples(
    models: Mapping[str, nn.Module],
    dataset: BaseDataset,
    out: str | os.PathLike,
    num: int = 6,
    rule: str = 'occluded',
) -> Path:
    """Draw the truth and each network's skeleton and heat maps for hard samples.

    The heat maps are one picture: at each pixel the highest value of all joints.

    Args:
        models (Mapping[str, nn.Module]): Models by the name above the column.
        dataset (BaseDataset): Data set in test mode; its pipeline makes every crop.
        out (str | os.PathLike): The picture to write, by its suffix.
        num (int): Number of samples.
        rule (str): See :func:`rank_hard_samples`.

    Returns:
        Path: ``out``.

    Raises:
        UserError: See :func:`rank_hard_samples`.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    predictions = predict_dataset(list(models.values()), dataset)
    chosen = rank_hard_samples(predictions, rule, num)
    columns = 1 + 2 * len(models)
    figure = Figure(figsize=(1.75 * columns, 1.9 * len(chosen)), layout='constrained')
    panels = figure.subplots(len(chosen), columns, squeeze=False)
    for row, hard in zip(panels, chosen, strict=True):
        crop = input_image(dataset, hard.index)
        truth = predictions[0][hard.index]
        row[0].imshow(draw_on_crop(crop, truth, dataset.metainfo, truth=True))
        caption = f'{hard.index}: {hard.occluded} hidden, error {hard.error:.2f}'
        row[0].set_title(f'annotation\n{caption}', fontsize='x-small')
        for number, (name, model) in enumerate(models.items()):
            sample = predictions[number][hard.index]
            skeleton, heat = row[1 + 2 * number : 3 + 2 * number]
            skeleton.imshow(draw_on_crop(crop, sample, dataset.metainfo))
            error = sample_error(sample)
            skeleton.set_title(f'{name}\nerror {error:.2f}', fontsize='x-small')
            maps = predict_heatmaps(model, dataset, hard.index)
            heat.imshow(overlay_heatmap(crop, maps.max(axis=0), mark=False))
            heat.set_title(f'{name}\nhighest {maps.max():.2f}', fontsize='x-small')
    for axes in panels.ravel():
        axes.axis('off')
    return write_picture(out, figure)
