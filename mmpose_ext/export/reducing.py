"""Exports in a reduced precision, if that loses little on the test data."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from mmengine.config import Config

from mmpose_ext_runtime import Manifest, PoseModel
from mmpose_ext_runtime.crops import crop_person, letterbox, to_input

from ..apis import build_dataset
from ..utils import UserError
from ..utils.errors import check_choice
from ..utils.io import atomic_write
from ..utils.reasons import reason_of
from .comparison import Sample, compare, figure_samples
from .exporting import Export, check_target, load_network, verify, write_network
from .options import ExportOptions
from .precision import REDUCTIONS
from .scoring import as_points, crop_of, metric_name, score_file
from .writing import write_description

# Number of training samples that calibrate int8, if no images are given.
CALIBRATION = 64
_BATCH = 8
#: A network that scores less has too little to lose for a comparison.
LEAST_SCORE = 10.0


def calibration_inputs(
    config: Config, manifest: Manifest, samples: Sequence[Sample] | None
) -> list[np.ndarray]:
    """Return inputs of the graph from which int8 learns the ranges of its values.

    Args:
        config (Config): The config; without images, its training data are used with
            the test pipeline.
        manifest (Manifest): The network's manifest.
        samples (Sequence[Sample], optional): The images.

    Raises:
        UserError: If there are neither images nor training data.
    """
    if samples is None:
        steps = config.test_dataloader.dataset.pipeline
        dataset = build_dataset(config, 'train', pipeline=steps, test_mode=True)
        number = min(CALIBRATION, len(dataset))
        crops = [crop_of(dataset[i]) for i in range(number)]
    elif manifest.kind == 'topdown':
        crops = [
            crop_person(s.image, box, manifest) for s in samples for box in s.boxes
        ]
    else:
        crops = [letterbox(sample.image, manifest) for sample in samples]
    starts = range(0, len(crops), _BATCH)
    return [to_input(crops[start : start + _BATCH], manifest) for start in starts]


def check_loss(
    before: float, after: float, precision: str, metric: str, max_loss: float
) -> str:
    """Return why a loss is not accepted, or '' if it is.

    Args:
        before (float): Score in float32, from 0 to 100.
        after (float): Score in the reduced precision.
        precision (str): Its name.
        metric (str): The metric's name.
        max_loss (float): Largest loss that is accepted.
    """
    if before < LEAST_SCORE:
        return (
            f'{metric} is {before:.2f} in float32: such a network has nothing to lose, '
            'so the precisions cannot be compared'
        )
    # Written so that nan counts as a large loss.
    if not before - after <= max_loss:
        return (
            f'{precision} loses {before - after:.2f} points of {metric} '
            f'({before:.2f} -> {after:.2f}), more than {max_loss:g}'
        )
    return ''


def export_reduced(
    config: Config,
    weights: str | os.PathLike | None,
    out: str | os.PathLike,
    options: ExportOptions | None = None,
    random_weights: bool = False,
    samples: Sequence[Sample] | None = None,
    *,
    precision: str,
    calibration: Sequence[Sample] | None = None,
    metric: str | None = None,
    max_loss: float = 0.5,
    force: bool = False,
) -> Export:
    """Export a network in a reduced precision.

    The float32 file is compared with PyTorch first. Then both files are scored on the
    config's test data, and the reduced one is written only if it loses little.

    Args:
        config (Config): The config, with test data and evaluator.
        weights (str | os.PathLike, optional): The checkpoint.
        out (str | os.PathLike): The file, .onnx.
        options (ExportOptions, optional): What goes into the graph. Default: the
            network alone.
        random_weights (bool): Whether to export a network without weights. Default:
            False.
        samples (Sequence[Sample], optional): Images to compare on. Default: synthetic
            figures.
        precision (str): ``'fp16'``, ``'bf16'`` (weights alone; OpenVINO can compute
            with it) or ``'int8'``.
        calibration (Sequence[Sample], optional): Images to calibrate int8 with.
            Default: the first training samples.
        metric (str, optional): The metric to measure. Default: the one that chooses
            the best checkpoint.
        max_loss (float): Largest loss that is accepted, in points of 100. Default: 0.5.
        force (bool): Whether to write the file however much it loses. Default: False.

    Returns:
        Export: The file, with the scores in its description.

    Raises:
        UserError: If an input cannot be used, the float32 file differs from PyTorch, or
            the loss is larger and ``force`` is not set.
    """
    check_choice('export_reduced', 'precision', precision, REDUCTIONS)
    options, target = options or ExportOptions(), check_target(out)
    metric = metric_name(config, metric)
    dataset = build_dataset(config, 'test')
    model = load_network(config, weights, random_weights)
    with TemporaryDirectory() as folder:
        full, reduced = Path(folder, 'float32.onnx'), Path(folder, 'reduced.onnx')
        manifest = write_network(config, model, full, options, weights)
        verify(model, full, samples)
        manifest = dataclasses.replace(manifest, precision=precision)
        inputs = []
        if precision == 'int8':
            inputs = calibration_inputs(config, manifest, calibration)
        _reduce(precision, full, reduced, inputs)
        write_description(reduced, manifest)
        before, after = as_points(
            score_file(config, dataset, PoseModel(full), metric),
            score_file(config, dataset, PoseModel(reduced), metric),
        )
        problem = check_loss(before, after, precision, metric, max_loss)
        if problem and not force:
            raise UserError(f'{problem}; nothing was written', 'use --force to keep it')
        score = dict(metric=metric, before=before, after=after)
        manifest = dataclasses.replace(manifest, score=score)
        write_description(reduced, manifest)
        difference = compare(model, PoseModel(reduced), samples or figure_samples())
        with atomic_write(target) as temporary:
            temporary.write_bytes(reduced.read_bytes())
    return Export(target, manifest, difference)


def _reduce(
    precision: str, full: Path, reduced: Path, inputs: Sequence[np.ndarray]
) -> None:
    """Write a float32 graph in another precision."""
    try:
        REDUCTIONS[precision](full, reduced, inputs)
    except Exception as error:  # ONNX's tools have no common base class
        raise UserError(
            f'the network cannot be reduced to {precision}: {reason_of(error)}',
            'choose another precision',
        ) from error
