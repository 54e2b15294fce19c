import pytest
import torch

from mmpose_ext.models.layers import CRU
from mmpose_ext.testing import count_parameters, parameters_without_gradient


def branches(layer, x):
    """Eqs. 12 and 13."""
    up, low = x.split(layer.parts, dim=1)
    up, low = layer.squeeze_up(up), layer.squeeze_low(low)
    first = layer.groupwise(up) + layer.pointwise_up(up)
    return first, torch.cat((layer.pointwise_low(low), low), dim=1)


def test_values_are_those_of_the_equations():
    layer = CRU(16).double()
    x = torch.randn(2, 16, 5, 4, dtype=torch.float64)
    first, second = branches(layer, x)
    means = torch.stack((first, second)).mean((3, 4), keepdim=True)
    beta = means.softmax(dim=0)
    torch.testing.assert_close(layer(x), beta[0] * first + beta[1] * second)


def test_the_branch_with_the_larger_mean_wins():
    layer = CRU(16)
    with torch.no_grad():
        layer.groupwise.bias.fill_(100.0)
    x = torch.randn(1, 16, 4, 4)
    torch.testing.assert_close(layer(x), branches(layer, x)[0])


def test_equal_branches_are_averaged():
    layer = CRU(8)
    for parameter in layer.parameters():
        torch.nn.init.zeros_(parameter)
    torch.nn.init.dirac_(layer.squeeze_low.weight)
    with torch.no_grad():  # only the reused part speaks: the input's channels 4, 5
        x = torch.randn(1, 8, 4, 4)
        x -= x.mean((2, 3), keepdim=True)
        out = layer(x)
    torch.testing.assert_close(out[:, 6:], x[:, 4:6] / 2)
    torch.testing.assert_close(out[:, :6], torch.zeros(1, 6, 4, 4))


def test_parameters_at_1024_channels():
    # Two squeezes, grouped 3x3 with bias, and the two pointwise convolutions.
    expected = 2 * 512 * 256 + 256 * 1024 * 9 // 2 + 1024 + 256 * 1024 + 256 * 768
    assert count_parameters(CRU(1024)) == expected


def test_another_split_keeps_the_shape():
    assert CRU(16, split=0.25)(torch.randn(1, 16, 3, 5)).shape == (1, 16, 3, 5)


def test_any_odd_kernel_keeps_the_shape():
    assert CRU(16, kernel_size=5)(torch.randn(1, 16, 3, 5)).shape == (1, 16, 3, 5)


def test_every_parameter_learns():
    layer = CRU(16)
    layer(torch.randn(2, 16, 6, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=9), r'CRU: split=0.5 .*in_channels=9.*0.5'),
        (dict(in_channels=8, split=0.45), r'CRU: split=0.45 .*in_channels=8.*0.5'),
        (dict(in_channels=8, split=1.0), r'CRU: split=1.0'),
        (dict(in_channels=8, split=1.5), r'CRU: split=1.5'),
        (dict(in_channels=8, squeeze=3), r'CRU: part of in_channels=4 .*squeeze=3'),
        (dict(in_channels=4, groups=2), 'CRU: squeezed upper part=1 .*groups=2'),
        (dict(in_channels=8, kernel_size=2), 'CRU: kernel_size=2 must be odd'),
        (dict(in_channels='8'), "CRU: in_channels='8'"),
    ],
)
def test_bad_numbers(kwargs, message):
    with pytest.raises(ValueError, match=message):
        CRU(**kwargs)
