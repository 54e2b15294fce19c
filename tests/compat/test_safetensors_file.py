"""Weights as safetensors: there and back, and what is refused."""

import numpy as np
import pytest
import torch
from mmengine.runner.checkpoint import CheckpointLoader
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from mmpose_ext.compat.safetensors_file import (
    SafetensorsError,
    load_safetensors,
    save_safetensors,
)
from mmpose_ext.datasets.metainfo import lsp


def test_weights_and_names_survive(tmp_path):
    base = torch.arange(12.0).reshape(3, 4)
    # Views of one storage, an integer, half precision and a scalar.
    weights = dict(a=base, b=base.T, n=torch.tensor(7), h=base[0].half())
    meta = parse_pose_metainfo(lsp.dataset_info)
    path = save_safetensors(tmp_path / 'net.safetensors', weights, meta, {'k': 'v'})
    loaded = CheckpointLoader.load_checkpoint(str(path), 'cpu')
    assert set(loaded['state_dict']) == set(weights)
    for name, value in weights.items():
        assert loaded['state_dict'][name].dtype == value.dtype
        assert torch.equal(loaded['state_dict'][name], value)
    assert loaded['meta']['k'] == 'v'
    found = loaded['meta']['dataset_meta']
    assert set(found) == set(meta)
    np.testing.assert_equal(found['sigmas'], meta['sigmas'])
    assert found['sigmas'].dtype == meta['sigmas'].dtype
    assert found['keypoint_id2name'] == meta['keypoint_id2name']
    assert [list(link) for link in found['skeleton_links']] == [
        list(link) for link in meta['skeleton_links']
    ]


def test_no_tensor_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(SafetensorsError, match='b is not a tensor'):
        save_safetensors(tmp_path / 'a.safetensors', dict(a=torch.ones(1), b=2))
    assert not list(tmp_path.iterdir())


def test_damaged_files_are_one_line(tmp_path):
    path = save_safetensors(tmp_path / 'a.safetensors', dict(a=torch.ones(100)))
    whole = path.read_bytes()
    for content in (whole[:-7], whole[:20], b'', b'PK\x03\x04' + b'x' * 50):
        path.write_bytes(content)
        with pytest.raises(
            SafetensorsError, match='not a complete safetensors'
        ) as caught:
            load_safetensors(path)
        assert '\n' not in str(caught.value)
