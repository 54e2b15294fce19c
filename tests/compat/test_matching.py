"""Weights of another network are refused by every way that loads them."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner.checkpoint import load_checkpoint
from mmpose.apis import init_model
from torch import nn

from mmpose_ext.apis import load_model
from mmpose_ext.compat.checkpoint import CheckpointError
from mmpose_ext.compat.matching import ALLOW_PARTIAL, check_match

SMALL = 'configs/ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'


@pytest.fixture(scope='module')
def config():
    return Config.fromfile(str(Path(__file__).resolve().parents[2] / SMALL))


@pytest.fixture(scope='module')
def weights(config):
    return init_model(config, device='cpu').state_dict()


def changed(weights, kind):
    if kind == 'other names':
        return {f'net.{k}': v for k, v in weights.items()}
    if kind == 'other shapes':
        return {k: v.new_zeros((*v.shape, 2)) for k, v in weights.items()}
    if kind == 'integers':
        return {k: (100 * v).to(torch.int8) for k, v in weights.items()}
    if kind == 'counters alone':
        return {k: v for k, v in weights.items() if k.endswith('batches_tracked')}
    return {k: v for k, v in weights.items() if k.startswith('head.')}


@pytest.mark.parametrize(
    ('kind', 'named'),
    [
        ('other names', r'missing: backbone.*and \d+ more; unexpected: net\.backbone'),
        ('other shapes', 'of another shape: backbone'),
        ('integers', 'integers for fractions, or the reverse: backbone'),
        ('counters alone', 'missing: backbone'),
        ('the head alone', 'missing: backbone'),
    ],
)
def test_init_model_refuses_weights_that_do_not_fit(
    tmp_path, config, weights, kind, named, monkeypatch
):
    path = tmp_path / 'other.pth'
    torch.save({'state_dict': changed(weights, kind)}, path)
    with pytest.raises(CheckpointError, match=named) as caught:
        init_model(config, str(path), device='cpu')
    message = str(caught.value)
    assert message.startswith(f'{path} does not fit TopdownPoseEstimator: ')
    assert len(message) < 700
    assert '\n' not in message
    monkeypatch.setenv(ALLOW_PARTIAL, '1')
    init_model(config, str(path), device='cpu')


def test_a_backbone_is_enough_and_the_same_network_is_whole(tmp_path, config, weights):
    path = tmp_path / 'x.pth'
    for part in ('', 'backbone.'):
        some = {k: v + 1 for k, v in weights.items() if k.startswith(part)}
        torch.save(some, path)
        loaded = init_model(config, str(path), device='cpu').state_dict()
        assert all(torch.equal(loaded[k], v) for k, v in some.items())


def test_pretrained_weights_of_a_backbone_are_checked_alone(tmp_path, config):
    model = init_model(config, device='cpu')
    path = tmp_path / 'x.pth'
    torch.save({f'x.{k}': v for k, v in model.backbone.state_dict().items()}, path)
    with pytest.raises(CheckpointError, match='does not fit CAHRNet'):
        load_checkpoint(model.backbone, str(path))


def test_the_share_counts_tensors_of_equal_name_and_shape():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2))
    state = net.state_dict()  # 8 tensors and a counter
    half = {k: v for k, v in state.items() if not k.startswith('2.')}
    half.pop('1.running_mean')
    half.pop('1.running_var')
    assert len(half) == 5
    check_match(net, half)  # 4 of 8
    half.pop('0.bias')
    with pytest.raises(CheckpointError, match='3 of its 8 tensors match'):
        check_match(net, half)
    check_match(net, half, min_share=3 / 8)


@pytest.mark.parametrize('kind', ['of another shape', 'missing'])
def test_what_predicts_needs_all_weights(tmp_path, config, weights, kind, monkeypatch):
    """The network of another number of joints differs in its last layer alone."""
    state, name = dict(weights), 'head.final_layer.weight'
    if kind == 'missing':
        del state[name]
    else:
        state[name] = state[name].new_zeros(5, *state[name].shape[1:])
    path = tmp_path / 'joints.pth'
    torch.save({'state_dict': state}, path)
    init_model(config, str(path), device='cpu')  # as training does
    with pytest.raises(CheckpointError, match=f'{kind}: {name}; give the checkpoint'):
        load_model(config, path)
    init_model(config, str(path), device='cpu')
    monkeypatch.setenv(ALLOW_PARTIAL, '1')
    load_model(config, path)
