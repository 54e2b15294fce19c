"""Exports a network to a file and compares the file with PyTorch."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmengine.config import Config
from torch import nn

from mmpose_ext_runtime import InputError, Manifest, PoseModel

from ..apis import build_dataset, load_model
from ..utils import UserError
from ..utils.io import atomic_write, check_output
from .comparison import Difference, Sample, compare, figure_samples
from .description import describe, find_dense, find_heatmap_head
from .graphs import onestage_graph, topdown_graph
from .options import TOLERANCE, ExportOptions
from .writing import write_graph


@dataclass(frozen=True)
class Export:
    """An exported file.

    Attributes:
        path (Path): The file.
        manifest (Manifest): Its description.
        difference (Difference): Its difference from PyTorch.
    """

    path: Path
    manifest: Manifest
    difference: Difference


def load_network(
    config: Config, weights: str | os.PathLike | None, random_weights: bool = False
) -> nn.Module:
    """Load the network to export.

    Args:
        config (Config): The config.
        weights (str | os.PathLike, optional): The checkpoint; code in it never runs.
        random_weights (bool): Whether to export a network without weights. Default:
            False.

    Returns:
        nn.Module: The estimator, in evaluation mode.

    Raises:
        UserError: If neither or both of ``weights`` and ``random_weights`` are given,
            or the weights do not fit.
    """
    if weights is None and not random_weights:
        raise UserError(
            'a network without weights finds nobody',
            'give its checkpoint, or --random-weights to export it anyway',
        )
    if weights is not None and random_weights:
        raise UserError(
            f'both weights {weights} and random weights are given', 'choose one'
        )
    model = load_model(config, weights)
    joints = getattr(model.head, 'out_channels', None)
    if joints not in (None, model.dataset_meta['num_keypoints']):
        # MMPose reads the data set's class, which may have several conventions.
        model.dataset_meta = build_dataset(config, lazy_init=True).metainfo
    return model


def check_target(out: str | os.PathLike) -> Path:
    """Check the name of the file before any work.

    Args:
        out (str | os.PathLike): The file to write.

    Raises:
        UserError: If it does not end in .onnx or cannot be written.

    Example:
        >>> check_target('pose.onnx').name
        'pose.onnx'
        >>> check_target('pose.pth')
        Traceback (most recent call last):
        mmpose_ext.utils.errors.UserError: cannot write pose.pth: it does not end in ...
    """
    target = check_output(out)
    if target.suffix != '.onnx':
        raise UserError(f'cannot write {target}: it does not end in .onnx', 'add it')
    return target


def write_network(
    config: Config,
    model: nn.Module,
    path: Path,
    options: ExportOptions,
    weights: str | os.PathLike | None = None,
) -> Manifest:
    """Write a network in float32, without comparing it.

    Args:
        config (Config): The config.
        model (nn.Module): The estimator, in evaluation mode.
        path (Path): The file.
        options (ExportOptions): The options.
        weights (str | os.PathLike, optional): The checkpoint, for the description.

    Returns:
        Manifest: The file's description.

    Raises:
        UserError: If the network or an option cannot be exported.
    """
    manifest = describe(config, model, weights, options)
    if manifest.kind == 'topdown':
        if options.nms:
            raise UserError('--nms is for one-stage networks', 'leave it out')
        graph = topdown_graph(model, find_heatmap_head(model), manifest, options)
    else:
        graph = onestage_graph(model, find_dense(model), manifest, options)
    write_graph(graph.eval(), manifest, path, options.opset)
    return manifest


def export_onnx(
    config: Config,
    weights: str | os.PathLike | None,
    out: str | os.PathLike,
    options: ExportOptions | None = None,
    random_weights: bool = False,
    samples: Sequence[Sample] | None = None,
) -> Export:
    """Export a network in float32 and compare it with PyTorch.

    The file appears under its name only after the comparison.

    Args:
        config (Config): The config.
        weights (str | os.PathLike, optional): The checkpoint.
        out (str | os.PathLike): The file, .onnx.
        options (ExportOptions, optional): What goes into the graph. Default: the
            network alone.
        random_weights (bool): Whether to export a network without weights. Default:
            False.
        samples (Sequence[Sample], optional): Images to compare on. Default: synthetic
            figures.

    Returns:
        Export: The file, its description and its difference from PyTorch.

    Raises:
        UserError: If an input cannot be used, or a key point differs by more than 0.01
            pixels of the image.
    """
    options, target = options or ExportOptions(), check_target(out)
    model = load_network(config, weights, random_weights)
    with atomic_write(target) as temporary:
        manifest = write_network(config, model, temporary, options, weights)
        difference = verify(model, temporary, samples)
    return Export(target, manifest, difference)


def verify(
    model: nn.Module, path: Path, samples: Sequence[Sample] | None = None
) -> Difference:
    """Compare a file in float32 with its network.

    Args:
        model (nn.Module): The estimator.
        path (Path): The file.
        samples (Sequence[Sample], optional): Images. Default: synthetic figures.

    Returns:
        Difference: The difference, at most 0.01 pixels of the image.

    Raises:
        UserError: If it is larger, or nothing could be compared.
    """
    try:
        difference = compare(model, PoseModel(path), samples or figure_samples())
    except InputError as error:
        raise UserError(error.what, error.fix) from error
    problem = difference.problem()
    if problem:
        raise UserError(
            f'the exported file fails the comparison with PyTorch: {problem} (allowed: '
            f'{TOLERANCE} px); nothing was written',
            'compare on other --images, or export other parts of the graph',
        )
    return difference
