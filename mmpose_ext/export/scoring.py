"""Scores an exported file on the test data of its config."""

from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.evaluator import Evaluator
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from torch import Tensor
from tqdm import tqdm

from mmpose_ext_runtime import PoseModel
from mmpose_ext_runtime.crops import Crop
from mmpose_ext_runtime.suppression import split_outputs

from ..utils import UserError
from ..utils.config import require

_BEST = 'default_hooks.checkpoint.save_best'


def crop_of(sample: dict[str, Any]) -> Crop:
    """Convert what a data set's pipeline packed to the runtime's crop.

    Args:
        sample (dict): ``inputs`` (3, H, W) uint8 and ``data_samples``.
    """
    meta = sample['data_samples'].metainfo
    image: Tensor = sample['inputs']
    return Crop(
        np.ascontiguousarray(image.permute(1, 2, 0).numpy()),
        np.asarray(meta['input_center']),
        np.asarray(meta['input_scale']),
    )


def _predict_people(file: PoseModel, crops: list[Crop]) -> list[dict[str, Any]]:
    points, scores = file.decode(file.run(crops))
    return [
        dict(keypoints=crop.to_image(own)[None], keypoint_scores=score[None])
        for crop, own, score in zip(crops, points, scores, strict=True)
    ]


def _predict_images(file: PoseModel, crops: list[Crop]) -> list[dict[str, Any]]:
    found = split_outputs(file.run(crops), len(crops), file.manifest)
    return [
        dict(
            keypoints=crop.to_image(one.keypoints),
            keypoint_scores=one.keypoint_scores,
            bboxes=crop.to_image(one.boxes.reshape(-1, 2, 2)).reshape(-1, 4),
            bbox_scores=one.scores,
            scores=one.scores,
            labels=np.zeros(len(one.scores), np.int64),
        )
        for crop, one in zip(crops, found, strict=True)
    ]


_PREDICTIONS = {'topdown': _predict_people, 'onestage': _predict_images}


def attach(sample: PoseDataSample, found: dict[str, Any], topdown: bool) -> None:
    """Put predictions where MMPose's evaluators look for them.

    Args:
        sample (PoseDataSample): A sample of the data set; changed in place.
        found (dict): Arrays of its people, in pixels of the image.
        topdown (bool): Whether to use the data set's boxes.
    """
    instances = InstanceData(**found, keypoints_visible=found['keypoint_scores'])
    if topdown:
        instances.bboxes = sample.gt_instances.bboxes
        instances.bbox_scores = sample.gt_instances.bbox_scores
    sample.pred_instances = instances


def metric_name(config: Config, metric: str | None = None) -> str:
    """Return the metric that a loss is measured in.

    Args:
        config (Config): The config.
        metric (str, optional): The metric. Default: the one that chooses the config's
            best checkpoint.
    """
    return metric or require(config, _BEST)


def score_file(
    config: Config, dataset: BaseDataset, file: PoseModel, metric: str
) -> float:
    """Score a file.

    Args:
        config (Config): A config with ``test_evaluator``.
        dataset (BaseDataset): Its test data.
        file (PoseModel): The file.
        metric (str): The metric's name.

    Returns:
        float: The metric, as the evaluator gives it.

    Raises:
        UserError: If the evaluator has no such metric.
    """
    evaluator = Evaluator(require(config, 'test_evaluator'))
    evaluator.dataset_meta = dataset.metainfo
    kind = file.manifest.kind
    places = range(len(dataset))
    for start in tqdm(places[:: file.batch], 'scoring', leave=False, disable=None):
        batch = [dataset[i] for i in places[start : start + file.batch]]
        predicted = _PREDICTIONS[kind](file, [crop_of(sample) for sample in batch])
        samples = [sample['data_samples'] for sample in batch]
        for sample, found in zip(samples, predicted, strict=True):
            attach(sample, found, kind == 'topdown')
        evaluator.process(data_samples=samples, data_batch={'data_samples': samples})
    found = evaluator.evaluate(len(dataset))
    if metric not in found:
        raise UserError(
            f'the test evaluator has no metric {metric!r}',
            f'choose --metric from {", ".join(found)}',
        )
    return float(found[metric])


def as_points(before: float, after: float) -> tuple[float, float]:
    """Return two values of a metric as points from 0 to 100.

    Some metrics are fractions and others percent, without a label. Both values count
    as percent if either is above 1. Judged one by one, a network that fell from 80 % to
    0.9 % would seem to rise to 90.

    >>> as_points(0.75, 0.5)
    (75.0, 50.0)
    >>> as_points(80.0, 0.9)
    (80.0, 0.9)

    Args:
        before (float): The first value.
        after (float): The second value.
    """
    factor = 1.0 if max(before, after) > 1 else 100.0
    return factor * before, factor * after
