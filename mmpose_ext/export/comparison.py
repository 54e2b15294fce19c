"""Comparison of an exported file with PyTorch, in pixels of the image."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from mmpose.apis import inference_bottomup, inference_topdown
from torch import nn

from mmpose_ext_runtime import Manifest, People, PoseModel
from mmpose_ext_runtime.decoding import decode_heatmaps

from ..figures import SyntheticFigures
from .options import TOLERANCE

#: Relative change that rounding may make to heat maps.
ROUNDING = 1e-5
_TRIALS = 8
# How many people of a one-stage network are compared, best first.
_BEST = 20


@dataclass(frozen=True)
class Sample:
    """An image to compare on.

    Attributes:
        image (np.ndarray): (H, W, 3) uint8, BGR.
        boxes (np.ndarray): (n, 4): left, top, right and bottom of its people.
    """

    image: np.ndarray
    boxes: np.ndarray


@dataclass(frozen=True)
class Difference:
    """Differences between a file's key points and PyTorch's.

    Attributes:
        largest (float): Largest difference of a decided key point, in pixels of the
            image.
        median (float): Median difference of all key points.
        score (float): Largest difference of a score.
        compared (int): Number of key points.
        undecided (int): Number of those that a rounding error in the heat maps would
            move in PyTorch, too, as between two equal maxima.
        missing (int): People that PyTorch finds and the file does not.
    """

    largest: float
    median: float
    score: float
    compared: int
    undecided: int = 0
    missing: int = 0

    def problem(self, tolerance: float = TOLERANCE) -> str:
        """Return what is wrong with a file in float32, '' for nothing."""
        if self.missing:
            return f'{self.missing} people that PyTorch finds are missing'
        if not self.compared:
            return 'there was no prediction to compare'
        if self.undecided > self.compared / 2:
            return (
                f'{self.undecided} of {self.compared} key points lie where rounding '
                'decides'
            )
        # Not written as "larger", so that nan counts as wrong, too.
        if not self.largest <= tolerance:
            return f'key points differ by up to {self.largest:.3g} px'
        return ''

    def __str__(self) -> str:
        text = (
            f'largest difference to PyTorch: {self.largest:.2g} px in the image '
            f'({self.compared} key points, scores within {self.score:.1g})'
        )
        if self.undecided:
            text += f'; {self.undecided} of them lie where rounding decides'
        return text


def figure_samples(number: int = 4, size: tuple[int, int] = (320, 240)) -> list[Sample]:
    """Return images of synthetic figures, which need no data.

    Args:
        number (int): Number of images. Default: 4.
        size (tuple[int, int]): Their width and height. Default: (320, 240).
    """
    figures = SyntheticFigures(seed=15, size=size, persons=(1, 2), occluders=0)
    samples = []
    for index in range(number):
        scene = figures[index]
        boxes = np.array([person.bbox for person in scene.persons], np.float32)
        boxes = boxes.reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        samples.append(Sample(np.asarray(scene.image), boxes))
    return samples


@contextmanager
def _tested_like(model: nn.Module, manifest: Manifest) -> Iterator[None]:
    """Give the model the file's test settings within the context."""
    before = model.test_cfg
    model.test_cfg = copy.deepcopy(before)
    if manifest.kind == 'topdown':
        model.test_cfg.update(flip_test=manifest.flip_test, output_heatmaps=True)
    try:
        yield
    finally:
        model.test_cfg = before


def compare(model: nn.Module, file: PoseModel, samples: Sequence[Sample]) -> Difference:
    """Compare a file in its runtime with MMPose's own inference.

    Args:
        model (nn.Module): The estimator, with ``cfg`` and ``dataset_meta``.
        file (PoseModel): The exported file.
        samples (Sequence[Sample]): The images.

    Returns:
        Difference: The differences, in pixels of the images.
    """
    kinds = {'topdown': _compare_people, 'onestage': _compare_images}
    with _tested_like(model, file.manifest), torch.no_grad():
        return kinds[file.manifest.kind](model, file, samples)


def _compare_people(
    model: nn.Module, file: PoseModel, samples: Sequence[Sample]
) -> Difference:
    people = file.predict(
        [sample.image for sample in samples], [sample.boxes for sample in samples]
    )
    moved, scores, doubtful = [], [], []
    for sample, found in zip(samples, people, strict=True):
        wanted = inference_topdown(model, sample.image, sample.boxes)
        for person, true in enumerate(wanted):
            points = true.pred_instances.keypoints[0]
            step = np.linalg.norm(found.keypoints[person] - points, axis=-1)
            change = found.scores[person] - true.pred_instances.keypoint_scores[0]
            # Keeps nan, which must not go unnoticed.
            moved.append(step)
            scores.append(np.abs(change))
            doubtful.append(_undecided(true, file.manifest))
    if not moved:
        return Difference(0, 0, 0, 0)
    moved, doubtful = np.concatenate(moved), np.concatenate(doubtful)
    decided = moved[~doubtful]
    return Difference(
        largest=float(decided.max()) if decided.size else 0.0,
        median=float(np.median(moved)),
        score=float(np.concatenate(scores).max()),
        compared=moved.size,
        undecided=int(doubtful.sum()),
    )


def _undecided(sample: Any, manifest: Manifest) -> np.ndarray:
    """Return which key points a rounding error in the heat maps moves too far, (K,)."""
    maps = sample.pred_fields.heatmaps.float().cpu().numpy()[None]
    size = np.linalg.norm(sample.metainfo['input_scale'] / manifest.input_size)
    limit = np.abs(maps).max((-2, -1), keepdims=True) * ROUNDING
    generator = np.random.default_rng(0)
    first = decode_heatmaps(maps, manifest.codec, manifest.input_size)[0]
    worst = np.zeros(first.shape[1])
    for _ in range(_TRIALS):
        noise = generator.uniform(-1, 1, maps.shape).astype(np.float32) * limit
        other = decode_heatmaps(maps + noise, manifest.codec, manifest.input_size)[0]
        worst = np.maximum(worst, np.linalg.norm(other - first, axis=-1)[0] * size)
    doubtful = worst > TOLERANCE
    return doubtful[list(manifest.select)] if manifest.select else doubtful


def _compare_images(
    model: nn.Module, file: PoseModel, samples: Sequence[Sample]
) -> Difference:
    people = file.predict([sample.image for sample in samples])
    moved, scores, missing = [], [], 0
    for sample, found in zip(samples, people, strict=True):
        wanted = inference_bottomup(model, sample.image)[0].pred_instances
        for points, box, score in list(
            zip(wanted.keypoints, wanted.bboxes, wanted.bbox_scores, strict=True)
        )[:_BEST]:
            step, change = _nearest(found, points, box, score)
            # The file found another person, or nobody.
            if step is None:
                missing += 1
                continue
            moved.append(step)
            scores.append(change)
    if not moved:
        return Difference(0, 0, 0, 0, missing=missing)
    steps = np.concatenate(moved)
    return Difference(
        float(steps.max()),
        float(np.median(steps)),
        float(max(scores)),
        steps.size,
        missing=missing,
    )


def _nearest(
    found: People, points: np.ndarray, box: np.ndarray, score: float
) -> tuple[np.ndarray | None, float]:
    """Return the differences from the most similar person; None if none is similar."""
    similar = np.flatnonzero((np.abs(found.boxes - box) < 1).all(1))
    if not len(similar):
        return None, 0
    steps = np.linalg.norm(found.keypoints[similar] - points, axis=-1)
    best = int(steps.max(1).argmin())
    return steps[best], abs(float(found.box_scores[similar[best]] - score))
