"""`mmpose-ext convert`: from .pth to .safetensors and back."""

import numpy as np
import pytest
import torch

from mmpose_ext.compat.checkpoint import load_safely
from mmpose_ext.utils import UserError
from mmpose_ext_cli.convert import convert


def test_there_and_back(tmp_path, capsys):
    meta = dict(keypoint_id2name={0: 'nose'}, sigmas=np.array([0.1], np.float32))
    first, middle, last = (tmp_path / n for n in ('a.pth', 'b.safetensors', 'c.pth'))
    state = {'w': torch.randn(3, 2), 'n': torch.tensor(4)}
    content = dict(
        state_dict=state, meta=dict(dataset_meta=meta, epoch=3), optimizer={}
    )
    torch.save(content, first)
    convert(first, middle)
    assert '2 tensors, 7 numbers' in capsys.readouterr().out
    convert(middle, last)
    found = load_safely(last)
    assert set(found) == {'state_dict', 'meta'}
    for name, value in state.items():
        assert torch.equal(found['state_dict'][name], value)
    assert found['meta']['dataset_meta']['keypoint_id2name'] == {0: 'nose'}
    np.testing.assert_array_equal(
        found['meta']['dataset_meta']['sigmas'], meta['sigmas']
    )


def test_a_plain_state_dict_says_what_it_lacks(tmp_path, capsys):
    torch.save({'w': torch.ones(1)}, tmp_path / 'a.pth')
    convert(tmp_path / 'a.pth', tmp_path / 'a.safetensors')
    assert 'has no names of key points' in capsys.readouterr().out


def test_other_formats_are_refused(tmp_path):
    with pytest.raises(UserError, match='end it in .safetensors or .pth'):
        convert(tmp_path / 'none.pth', tmp_path / 'a.onnx')
