import pytest
import torch
from mmcv.cnn import ConvModule

from mmpose_ext.models.layers.ghost_conv import GhostConv
from mmpose_ext.testing import count_parameters, parameters_without_gradient


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.randn(2, 12, 8, 6)


@pytest.mark.parametrize(
    ('kernel', 'stride', 'shape'),
    [(1, 1, (2, 16, 8, 6)), (3, 2, (2, 16, 4, 3)), (5, 1, (2, 16, 8, 6))],
)
def test_shape_of_the_convolution_it_stands_for(x, kernel, stride, shape):
    plain = ConvModule(12, 16, kernel, stride=stride, padding=kernel // 2)
    assert GhostConv(12, 16, kernel, stride=stride)(x).shape == shape == plain(x).shape


@pytest.mark.parametrize(
    ('padding', 'size'), [(0, (6, 4)), (1, (8, 6)), (2, (10, 8)), (None, (8, 6))]
)
def test_padding(x, padding, size):
    assert GhostConv(12, 16, 3, padding=padding)(x).shape == (2, 16, *size)


@pytest.mark.parametrize('padding', [-1, True, False, 0.0, '0'])
def test_bad_padding(padding):
    with pytest.raises(ValueError, match=f'GhostConv: padding={padding!r}'):
        GhostConv(12, 16, 3, padding=padding)


def test_halves(x):
    layer = GhostConv(12, 16, 3).eval()
    out = layer(x)
    torch.testing.assert_close(out[:, :8], layer.primary_conv(x))
    torch.testing.assert_close(out[:, 8:], layer.cheap_conv(out[:, :8]))


def test_the_second_half_mixes_no_channels(x):
    layer = GhostConv(12, 16, 1).eval()
    before = layer(x)
    with torch.no_grad():
        layer.primary_conv.conv.weight[3] += 1
    changed = (layer(x) != before).flatten(2).any(2).any(0)
    assert changed.nonzero().flatten().tolist() == [3, 11]


def test_both_halves_end_in_the_activation():
    """By hand: fresh norms are the identity in testing, but for their eps."""
    layer = GhostConv(1, 2, 1).eval()
    with torch.no_grad():
        layer.primary_conv.conv.weight.fill_(3)
        layer.cheap_conv.conv.weight.zero_()
        layer.cheap_conv.conv.weight[0, 0, 2, 2] = -2
    x = torch.tensor([-2.0, -0.5, 0.5, 2.0]).view(1, 1, 2, 2)
    norm = 1 / (1 + 1e-3) ** 0.5
    first = torch.nn.functional.silu(3 * norm * x)
    second = torch.nn.functional.silu(-2 * norm * first)
    torch.testing.assert_close(layer(x), torch.cat((first, second), dim=1))


def test_parameters():
    # Half of a 3x3 convolution, 25 weights for each of the other half, 4 of norms.
    expected = 64 * 32 * 9 + 32 * 25 + 4 * 32
    assert count_parameters(GhostConv(64, 64, 3)) == expected
    assert count_parameters(GhostConv(64, 64, 3, cheap_kernel_size=3)) < expected


def test_every_parameter_learns(x):
    layer = GhostConv(12, 16, 3)
    layer(x).square().mean().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('args', 'kwargs', 'message'),
    [
        ((12, 15, 3), {}, 'GhostConv: out_channels=15 must be even'),
        ((0, 16, 3), {}, 'GhostConv: in_channels=0'),
        ((12, 16, 2), {}, 'GhostConv: kernel_size=2 must be odd'),
        ((12, 16, 3), dict(cheap_kernel_size=4), 'cheap_kernel_size=4 must be odd'),
        ((12, 16, 3), dict(stride=0), 'GhostConv: stride=0'),
    ],
)
def test_bad_arguments(args, kwargs, message):
    with pytest.raises(ValueError, match=message):
        GhostConv(*args, **kwargs)
