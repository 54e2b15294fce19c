import pytest
import torch
from mmpose.registry import MODELS

from mmpose_ext.models.layers import CoordAttention, Identity
from mmpose_ext.models.utils.build import build_attention
from mmpose_ext.testing import parameters_without_gradient


def set_gates(layer, bias_h, bias_w):
    """Make both gates constant: sigmoid(bias) everywhere."""
    for conv, bias in ((layer.conv_h, bias_h), (layer.conv_w, bias_w)):
        torch.nn.init.zeros_(conv.weight)
        torch.nn.init.constant_(conv.bias, bias)


def test_constant_gates_scale_the_input():
    layer = CoordAttention(32).eval()
    x = torch.randn(2, 32, 6, 5)
    set_gates(layer, 0.0, 0.0)
    torch.testing.assert_close(layer(x), x / 4)
    set_gates(layer, 100.0, 100.0)
    torch.testing.assert_close(layer(x), x)
    set_gates(layer, -100.0, 100.0)
    torch.testing.assert_close(layer(x), torch.zeros_like(x))


def test_by_hand_on_one_channel():
    # One channel, hidden width 1, everything identity: the gate of a row is
    # sigmoid(hswish(row mean)), the gate of a column the same of its mean.
    layer = CoordAttention(1, min_channels=1).eval()
    for conv in (layer.conv1, layer.conv_h, layer.conv_w):
        torch.nn.init.ones_(conv.weight)
        torch.nn.init.zeros_(conv.bias)
    layer.norm1.eps = 1e-12
    x = torch.tensor([[[[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]]])

    def gate(mean):
        return torch.sigmoid(mean * (mean + 3).clamp(0, 6) / 6)

    rows = gate(torch.tensor([[2.0], [8.0]]))
    columns = gate(torch.tensor([[3.0, 5.0, 7.0]]))
    torch.testing.assert_close(layer(x)[0, 0], x[0, 0] * rows * columns)


def test_rows_and_columns_are_not_mixed_up():
    layer = CoordAttention(16).eval()
    x = torch.randn(1, 16, 7, 4)
    swapped = CoordAttention(16).eval()
    state = layer.state_dict()
    for name in ('weight', 'bias'):
        state[f'conv_h.{name}'], state[f'conv_w.{name}'] = (
            state[f'conv_w.{name}'],
            state[f'conv_h.{name}'],
        )
    swapped.load_state_dict(state)
    torch.testing.assert_close(layer(x), swapped(x.transpose(2, 3)).transpose(2, 3))


@pytest.mark.parametrize('channels', [32, 64, 128, 256])
def test_parameters_are_26c_plus_24(channels):
    count = sum(p.numel() for p in CoordAttention(channels).parameters())
    assert count == 26 * channels + 24


@pytest.mark.parametrize(
    ('options', 'hidden'),
    [
        ({}, 32),
        (dict(reduction=64), 16),
        (dict(reduction=1024), 8),
        (dict(reduction=1024, min_channels=3), 3),
    ],
)
def test_hidden_width(options, hidden):
    assert CoordAttention(1024, **options).conv1.out_channels == hidden


def test_residual_adds_the_input():
    layer = CoordAttention(8, residual=True).eval()
    plain = CoordAttention(8).eval()
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(1, 8, 3, 3)
    torch.testing.assert_close(layer(x), x + plain(x))


def test_gradients():
    layer = CoordAttention(4, min_channels=2).double().eval()
    x = torch.randn(1, 4, 3, 2, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(layer, (x,))
    layer(x).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize('name', ['in_channels', 'reduction', 'min_channels'])
@pytest.mark.parametrize('value', [0, -8, 'wide', 1.5, True, None])
def test_bad_widths(name, value):
    with pytest.raises(ValueError, match=f'CoordAttention: {name}='):
        CoordAttention(**{'in_channels': 32, name: value})


def test_build_attention_names_owner_argument_value_and_choices():
    assert isinstance(build_attention(dict(type='Identity'), 8, 'X'), Identity)
    for bad in (dict(type='CoordAtention'), dict(), 'CoordAttention', None):
        with pytest.raises(
            ValueError, match='Owner: gate=.*choose from .*CoordAttention.*Identity'
        ):
            build_attention(bad, 8, 'Owner', 'gate')


def test_any_registered_layer_will_do():
    @MODELS.register_module(name='TestHalve', force=True)
    class Halve(torch.nn.Module):
        def __init__(self, in_channels):
            super().__init__()
            self.in_channels = in_channels

        def forward(self, x):
            return x / 2

    assert build_attention(dict(type='TestHalve'), 8, 'X').in_channels == 8
