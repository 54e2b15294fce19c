"""Rows: decoding, targets, accuracy and data preprocessing of a batch on the CPU."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.codecs import MSRAHeatmap, UDPHeatmap
from mmpose.evaluation.functional import pose_pck_accuracy
from mmpose.models.data_preprocessors import PoseDataPreprocessor
from mmpose.structures import PoseDataSample
from torch import Tensor

from ...codecs import BatchMSRAHeatmap, BatchUDPHeatmap, SecondMaxHeatmap
from ...models.data_preprocessors import FastPoseDataPreprocessor
from ...models.data_preprocessors.normalization import BufferPool
from ...models.utils.accuracy import heatmap_accuracy
from .rows import Row

BATCH, JOINTS = 32, 17
SIZES: dict[str, Any] = dict(input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
NORM: dict[str, Any] = dict(
    mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], bgr_to_rgb=True
)


def network_like_maps() -> np.ndarray:
    """Peaks of a network: Gaussian, of any height, with noise; (32, 17, 64, 48)."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:64, :48]
    centers = rng.uniform(4, 44, (BATCH, JOINTS, 2, 1, 1))
    squares = (x - centers[:, :, 0]) ** 2 + (y - centers[:, :, 1]) ** 2
    heights = rng.uniform(0.2, 1, (BATCH, JOINTS, 1, 1))
    maps = heights * np.exp(-squares / 8)
    return (maps + rng.normal(0, 0.003, maps.shape)).astype(np.float32)


def decoding_rows() -> Iterator[Row]:
    """Rows of the codecs' decoding.

    Yields:
        Row: Arg-max with quarter offset, DARK, UDP, and eq. 1 of DAUNet.
    """
    maps = network_like_maps()
    batch = torch.from_numpy(maps)
    for name, theirs, ours in (
        ('arg-max + quarter', MSRAHeatmap(**SIZES), BatchMSRAHeatmap(**SIZES)),
        (
            'DARK',
            MSRAHeatmap(**SIZES, unbiased=True),
            BatchMSRAHeatmap(**SIZES, unbiased=True),
        ),
        ('UDP', UDPHeatmap(**SIZES), BatchUDPHeatmap(**SIZES)),
        (
            'eq. 1 of DAUNet, against arg-max + quarter',
            MSRAHeatmap(**SIZES),
            SecondMaxHeatmap(**SIZES),
        ),
    ):
        yield Row(
            f'decoding, {name}',
            theirs=partial(_each, theirs.decode, maps),
            ours=partial(ours.batch_decode, batch),
            goal=20,
            units=BATCH,
            unit='sample',
            wall=False,
        )


def target_rows() -> Iterator[Row]:
    """Rows of the heat maps made from key points.

    Yields:
        Row: MSRA and UDP.
    """
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 256, (BATCH, JOINTS, 2)).astype(np.float32)
    visible = np.ones((BATCH, JOINTS), np.float32)
    tensors = torch.from_numpy(points), torch.from_numpy(visible)
    for name, theirs, ours in (
        ('MSRA', MSRAHeatmap(**SIZES), BatchMSRAHeatmap(**SIZES)),
        ('UDP', UDPHeatmap(**SIZES), BatchUDPHeatmap(**SIZES)),
    ):
        yield Row(
            f'targets, {name}',
            theirs=partial(_each, theirs.encode, points[:, None], visible[:, None]),
            ours=partial(_encode, ours, BufferPool(), *tensors),
            goal=7,
            units=BATCH,
            unit='sample',
            wall=False,
        )


def _each(work: Callable, *arguments: np.ndarray) -> None:
    """Call MMPose's function for one sample after another."""
    for sample in zip(*arguments, strict=True):
        work(*sample)


def _encode(codec: Any, pool: BufferPool, points: Tensor, visible: Tensor) -> None:
    """Make targets as the data preprocessor does."""
    width, height = codec.heatmap_size
    codec.batch_encode(points, visible, pool.take((*points.shape[:2], height, width)))


def other_batch_rows() -> Iterator[Row]:
    """Rows of the training accuracy and the data preprocessor.

    Yields:
        Row: One each.
    """
    maps = network_like_maps()
    output, target = torch.from_numpy(maps), torch.from_numpy(maps[::-1].copy())
    mask = torch.ones(BATCH, JOINTS, dtype=torch.bool)
    yield Row(
        'training accuracy',
        theirs=lambda: pose_pck_accuracy(output.numpy(), target.numpy(), mask.numpy()),
        ours=lambda: heatmap_accuracy(output, target, mask),
        units=BATCH,
        unit='sample',
        wall=False,
        note='ours stays on the device: no wait for a GPU',
    )
    generator = torch.Generator().manual_seed(0)
    images = [
        torch.randint(0, 256, (3, 256, 192), dtype=torch.uint8, generator=generator)
        for _ in range(BATCH)
    ]
    samples = [PoseDataSample(gt_instances=InstanceData()) for _ in images]
    data = dict(inputs=images, data_samples=samples)
    theirs, ours = PoseDataPreprocessor(**NORM), FastPoseDataPreprocessor(**NORM)
    yield Row(
        'data preprocessor, 256x192',
        theirs=lambda: theirs(data),
        ours=lambda: ours(data),
        goal=8,
        units=BATCH,
        unit='sample',
        wall=False,
    )
