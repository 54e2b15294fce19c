import pytest
import torch
import torch.nn.functional as F
from calibrated import calibrate
from torch import nn

from mmpose_ext.models.layers import SCRBlock, channel_reweight
from mmpose_ext.testing import parameters_without_gradient


@pytest.mark.parametrize(
    ('channels', 'weights'), [(32, 10016), (64, 39488), (128, 156800), (256, 624896)]
)
def test_equation_12(channels, weights):
    block = SCRBlock(channels, channels)
    counted = sum(
        m.weight.numel()
        for m in block.modules()
        if isinstance(m, (nn.Conv2d, nn.Linear))
    )
    assert counted == weights == 9.5 * channels**2 + 9 * channels
    assert weights / (18 * channels**2) == pytest.approx(
        0.5278 + 0.5 / channels, abs=1e-4
    )


def plain(block, x):
    """The block from its equations, one after the other."""
    y = x
    for unit in (block.sc1, block.sc2):
        first = unit.conv.conv(y)
        whole = torch.cat((first, unit.conv.depthwise(first)), dim=1)
        y = unit.gate(whole.mean(dim=(2, 3)))[:, :, None, None] * whole
    identity = x if block.downsample is None else block.downsample(x)
    return (y + identity).relu()


def from_weights(state, x):
    """Fig. 4 and eqs. 1-7 in torch's functions, from the weights by their names."""

    def norm(name, y):
        names = ('running_mean', 'running_var', 'weight', 'bias')
        return F.batch_norm(y, *(state[f'{name}.bn.{part}'] for part in names))

    def halves(unit, y):
        first = F.conv2d(y, state[f'{unit}.conv.conv.conv.weight'], padding=1)
        first = norm(f'{unit}.conv.conv', first).relu()
        weight = state[f'{unit}.conv.depthwise.conv.weight']
        second = F.conv2d(first, weight, padding=1, groups=len(weight))
        return first, norm(f'{unit}.conv.depthwise', second)

    # SC1: a ReLU on both halves, and the gate of two fully connected layers.
    first, second = halves('sc1', x)
    y = torch.cat((first, second.relu()), dim=1)
    layers = [
        (state[f'sc1.gate.fc{i}.weight'], state[f'sc1.gate.fc{i}.bias']) for i in (1, 2)
    ]
    gate = F.linear(F.linear(y.mean((2, 3)), *layers[0]).relu(), *layers[1])
    y = y * gate.sigmoid()[:, :, None, None]
    # SC2: no ReLU on the depthwise half, and the gate of a convolution over channels.
    y = torch.cat(halves('sc2', y), dim=1)
    weight = state['sc2.gate.conv.weight']
    gate = F.conv1d(y.mean((2, 3))[:, None], weight, padding=weight.shape[2] // 2)[:, 0]
    return (y * gate.sigmoid()[:, :, None, None] + x).relu()


def test_inference_is_that_of_the_equations():
    torch.manual_seed(0)
    block = calibrate(SCRBlock(8, 8))
    x = torch.randn(2, 8, 6, 5)
    with torch.no_grad():
        torch.testing.assert_close(block(x), from_weights(block.state_dict(), x))


@pytest.mark.parametrize('large', [0, 10**9])
@pytest.mark.parametrize('memory', [torch.contiguous_format, torch.channels_last])
def test_training_is_that_of_the_equations(large, memory, monkeypatch):
    monkeypatch.setattr(channel_reweight, 'LARGE_MAP', large)
    torch.manual_seed(0)
    block = SCRBlock(8, 8).double()
    block.to(memory_format=memory)
    x = torch.randn(2, 8, 6, 5, dtype=torch.double).to(memory_format=memory)
    direction = torch.randn(2, 8, 6, 5, dtype=torch.double)
    found = []
    for forward in (block, lambda x: plain(block, x)):
        one = x.clone().requires_grad_()
        out = forward(one)
        grads = torch.autograd.grad(out, [one, *block.parameters()], direction)
        found.append((out, *grads))
    for got, want in zip(*found, strict=True):
        torch.testing.assert_close(got, want)


def test_stride_and_downsample():
    torch.manual_seed(0)
    block = SCRBlock(8, 12, stride=2, downsample=nn.Conv2d(8, 12, 1, stride=2)).eval()
    x = torch.randn(1, 8, 6, 4)
    assert block(x).shape == (1, 12, 3, 2)
    torch.testing.assert_close(block(x), plain(block, x))


def test_gates_shut_make_it_the_identity():
    block = SCRBlock(8, 8).eval()
    nn.init.zeros_(block.sc2.conv.conv.bn.weight)
    nn.init.zeros_(block.sc2.conv.depthwise.bn.weight)
    x = torch.randn(2, 8, 4, 4)
    torch.testing.assert_close(block(x), x.relu())


def test_checkpointing_changes_nothing():
    torch.manual_seed(0)
    one, two = SCRBlock(8, 8), SCRBlock(8, 8, with_cp=True)
    two.load_state_dict(one.state_dict())
    x = torch.randn(2, 8, 5, 5)
    grads = []
    for block in (one, two):
        y = x.clone().requires_grad_()
        block(y).square().sum().backward()
        grads.append([y.grad, *(p.grad for p in block.parameters())])
    for got, want in zip(*grads, strict=True):
        torch.testing.assert_close(got, want)


@pytest.mark.parametrize(
    ('options', 'wanted', 'runs'),
    [
        ({}, True, 1),
        (dict(with_cp=False), True, 1),
        (dict(with_cp=True), True, 2),
        (dict(with_cp=True), False, 1),
    ],
)
def test_a_block_runs_again_only_with_checkpointing(options, wanted, runs):
    block, calls = SCRBlock(8, 8, **options), []
    block.sc1.conv.conv.register_forward_hook(lambda *_: calls.append(1))
    total = block(torch.randn(2, 8, 5, 5, requires_grad=wanted)).sum()
    # Reentrant checkpointing refuses to give the gradients of chosen tensors.
    torch.autograd.grad(total, list(block.parameters()))
    assert len(calls) == runs


def test_a_block_does_not_widen():
    assert SCRBlock.expansion == 1  # what HRNet multiplies its widths by


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    block = SCRBlock(32, 32)
    block(torch.randn(2, 32, 5, 5)).square().sum().backward()
    assert parameters_without_gradient(block) == []


def test_an_odd_width():
    with pytest.raises(ValueError, match='out_channels=9 must be even'):
        SCRBlock(9, 9)
