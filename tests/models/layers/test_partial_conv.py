import pytest
import torch

from mmpose_ext.models.layers import PartialConv
from mmpose_ext.testing import parameters_without_gradient


def test_first_channels_are_convolved_and_the_rest_handed_on():
    layer = PartialConv(8)
    x = torch.randn(2, 8, 5, 6)
    out = layer(x)
    torch.testing.assert_close(out[:, 2:], x[:, 2:], rtol=0, atol=0)
    expected = torch.nn.functional.conv2d(x[:, :2], layer.conv.weight, padding=1)
    torch.testing.assert_close(out[:, :2], expected)
    assert not torch.allclose(out[:, :2], x[:, :2])


def test_a_delta_kernel_is_the_identity():
    layer = PartialConv(8, divisor=2)
    torch.nn.init.dirac_(layer.conv.weight)
    x = torch.randn(1, 8, 4, 4)
    torch.testing.assert_close(layer(x), x)


@pytest.mark.parametrize('kernel_size', [1, 3, 5])
def test_any_odd_kernel_keeps_the_shape(kernel_size):
    layer = PartialConv(8, kernel_size=kernel_size)
    assert layer(torch.randn(1, 8, 5, 6)).shape == (1, 8, 5, 6)


def test_weights_are_a_sixteenth_and_all_learn():
    layer = PartialConv(64)
    assert layer.conv.weight.numel() == 64 * 64 * 9 // 16
    layer(torch.randn(1, 64, 4, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=10), r'PartialConv: in_channels=10 .*divisor=4.*1, 2, 5, 10'),
        (dict(in_channels=0), 'PartialConv: in_channels=0'),
        (dict(in_channels=8, kernel_size=2), 'PartialConv: kernel_size=2 must be odd'),
    ],
)
def test_bad_numbers(kwargs, message):
    with pytest.raises(ValueError, match=message):
        PartialConv(**kwargs)
