import pytest
import torch

from mmpose_ext.models.layers import SRU
from mmpose_ext.testing import parameters_without_gradient


def as_written(layer, x):
    """Eqs. 8-10 and the cross reconstruction, step by step."""
    norm = layer.norm
    importance = (norm.weight / norm.weight.sum()).view(1, -1, 1, 1)
    gate = (importance * norm(x)).sigmoid()
    first = torch.where(gate > layer.threshold, torch.ones_like(gate), gate) * x
    second = torch.where(gate > layer.threshold, torch.zeros_like(gate), gate) * x
    half = x.shape[1] // 2
    return torch.cat(
        (first[:, :half] + second[:, half:], first[:, half:] + second[:, :half]), dim=1
    )


def test_by_hand():
    # One group of two channels of one pixel: GN gives -1 and 1, w = 1/4 and 3/4.
    layer = SRU(2, groups=1, eps=0.0)
    with torch.no_grad():
        layer.norm.weight.copy_(torch.tensor([1.0, 3.0]))
    x = torch.tensor([2.0, 6.0]).view(1, 2, 1, 1)
    # Channel 0: sigmoid(1/4 * (1 * -1)) = s <= 0.5, weights s and s; channel 1:
    # sigmoid(3/4 * 3) > 0.5, weights 1 and 0.
    s = torch.tensor(-0.25).sigmoid().item()
    expected = torch.tensor([2 * s + 0.0, 6.0 + 2 * s]).view(1, 2, 1, 1)
    torch.testing.assert_close(layer(x), expected)


def test_values_and_gradients_are_those_of_the_equations():
    torch.manual_seed(0)
    layer = SRU(32, groups=4, threshold=0.505)
    torch.nn.init.uniform_(layer.norm.weight, -0.2, 1.0)
    torch.nn.init.normal_(layer.norm.bias)
    layer.double()
    x = torch.randn(2, 32, 5, 4, dtype=torch.float64, requires_grad=True)
    inputs = (x, *layer.parameters())
    factor = torch.randn(2, 32, 5, 4, dtype=torch.float64)
    out, expected = layer(x), as_written(layer, x)
    torch.testing.assert_close(out, expected)
    torch.testing.assert_close(
        torch.autograd.grad((out * factor).sum(), inputs),
        torch.autograd.grad((expected * factor).sum(), inputs),
    )


def test_limits_of_the_gate():
    x = torch.randn(1, 32, 4, 4)
    # Everything is informative: nothing is left to exchange.
    torch.testing.assert_close(SRU(32, threshold=1e-6)(x), x)
    # Nothing is: both halves are the sum of the gated halves.
    out = SRU(32, threshold=1 - 1e-6)(x)
    torch.testing.assert_close(out[:, :16], out[:, 16:])


def test_every_parameter_learns():
    layer = SRU(16)
    layer(torch.randn(2, 16, 6, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=24), r'SRU: in_channels=24 .*groups=16.*1, 2, 3, 4, 6, 8'),
        (dict(in_channels=3, groups=3), 'SRU: in_channels=3 must be even'),
        (dict(in_channels=32, eps=-1e-5), 'SRU: eps=-1e-05'),
        (
            dict(in_channels=32, threshold=1.0),
            r'threshold=1.0 .* above 0 and below 1',
        ),
    ],
)
def test_bad_numbers(kwargs, message):
    with pytest.raises(ValueError, match=message):
        SRU(**kwargs)
