"""Stacked images of testing: the same batch for the network."""

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate
from mmengine.registry import FUNCTIONS, init_default_scope
from mmpose.models.data_preprocessors import PoseDataPreprocessor
from mmpose.structures import PoseDataSample

from mmpose_ext.datasets import stacked_collate
from mmpose_ext.models.data_preprocessors import FastPoseDataPreprocessor

NORM = dict(mean=[123.675, 116.28, 103.53], std=[58.4, 57.1, 57.4], bgr_to_rgb=True)


def samples(*sizes):
    rng = np.random.default_rng(0)
    return [
        dict(
            inputs=torch.from_numpy(rng.integers(0, 256, (3, *size), dtype=np.uint8)),
            data_samples=PoseDataSample(metainfo=dict(id=number)),
        )
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize('kind', [PoseDataPreprocessor, FastPoseDataPreprocessor])
@pytest.mark.parametrize('divisor', [1, 32])
def test_the_network_gets_the_same_batch(kind, divisor):
    items = samples((40, 24), (40, 24), (40, 24))
    prepare = kind(**NORM, pad_size_divisor=divisor)
    # A buffer is used again as soon as nobody holds the batch.
    plain, stacked = prepare(pseudo_collate(items)), prepare(stacked_collate(items))
    assert torch.equal(plain['inputs'], stacked['inputs'])
    for one, other in zip(plain['data_samples'], stacked['data_samples'], strict=True):
        assert one.id == other.id
        assert one.batch_input_shape == other.batch_input_shape
        if kind is FastPoseDataPreprocessor:
            assert one.pad_shape == other.pad_shape


def test_images_of_several_sizes_stay_a_list():
    batch = stacked_collate(samples((40, 24), (32, 24)))
    assert [tuple(i.shape) for i in batch['inputs']] == [(3, 40, 24), (3, 32, 24)]


def test_images_of_several_scales_stay_lists():
    """As the pyramid's pipeline gives them: a list for each sample."""
    items = [
        dict(s, inputs=[s['inputs'], s['inputs']]) for s in samples((4, 4), (4, 4))
    ]
    plain, stacked = pseudo_collate(items), stacked_collate(items)
    assert len(stacked['inputs']) == len(plain['inputs'])
    assert isinstance(stacked['inputs'], list)


def test_configs_find_it_by_name():
    init_default_scope('mmpose')
    assert FUNCTIONS.get('stacked_collate') is stacked_collate
