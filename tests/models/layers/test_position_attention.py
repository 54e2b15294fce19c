import pytest
import torch

from mmpose_ext.models.layers import PositionAttention
from mmpose_ext.testing import parameters_without_gradient


def test_it_starts_as_an_identity():
    layer = PositionAttention(16)
    x = torch.randn(2, 16, 4, 3)
    torch.testing.assert_close(layer(x), x)


def test_one_pixel_at_a_time():
    torch.manual_seed(0)
    layer = PositionAttention(8, reduction=2)
    torch.nn.init.constant_(layer.gamma.scale, 0.5)
    x = torch.randn(1, 8, 2, 3)
    a, b, d = (conv(x).flatten(2)[0] for conv in (layer.query, layer.key, layer.value))
    expected = torch.empty(8, 6)
    for i in range(6):
        energy = torch.stack([a[:, i] @ b[:, j] for j in range(6)])
        share = energy.exp() / energy.exp().sum()
        expected[:, i] = sum(share[j] * d[:, j] for j in range(6))
    expected = x + 0.5 * expected.view(1, 8, 2, 3)
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize(
    ('options', 'hidden'),
    [({}, 63), (dict(reduction=2), 252), (dict(reduction=504), 1)],
)
def test_width_of_query_and_key(options, hidden):
    layer = PositionAttention(504, **options)
    assert layer.query.out_channels == layer.key.out_channels == hidden
    assert layer.value.out_channels == 504


def test_a_gradient_reaches_every_parameter_once_gamma_has_moved():
    torch.manual_seed(0)
    layer = PositionAttention(16)
    layer(torch.randn(2, 16, 4, 4)).square().sum().backward()
    # At gamma = 0 only gamma itself learns: that is the design.
    without = parameters_without_gradient(layer)
    assert 'gamma.scale' not in without
    assert 'value.weight' in without
    torch.nn.init.constant_(layer.gamma.scale, 0.1)
    layer.zero_grad()
    layer(torch.randn(2, 16, 4, 4)).square().sum().backward()
    # The soft-max ignores what it adds to every energy of a pixel alike.
    assert parameters_without_gradient(layer) in ([], ['key.bias'])


def test_bad_values():
    with pytest.raises(ValueError, match='PositionAttention: reduction=9.*1 to 8'):
        PositionAttention(8, 9)
    with pytest.raises(ValueError, match='PositionAttention: in_channels=0'):
        PositionAttention(0)
