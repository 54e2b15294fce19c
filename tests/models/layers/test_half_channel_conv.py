import pytest
import torch

from mmpose_ext.models.layers import HalfChannelConv
from mmpose_ext.testing import parameters_without_gradient


def weights(module):
    """Elements of the convolution weights alone: eq. 8 counts no norm layer."""
    return sum(p.numel() for p in module.parameters() if p.dim() == 4)


@pytest.mark.parametrize(('in_channels', 'channels'), [(32, 32), (8, 6), (64, 256)])
def test_weights_of_equation_8(in_channels, channels):
    expected = in_channels * channels // 2 * 9 + 9 * channels // 2
    assert weights(HalfChannelConv(in_channels, channels)) == expected


def test_halves_by_hand():
    torch.manual_seed(0)
    layer = HalfChannelConv(4, 6, stride=2).eval()
    x = torch.randn(2, 4, 6, 8)
    first, second = layer(x)
    y = torch.conv2d(x, layer.conv.conv.weight, stride=2, padding=1)
    # Fresh batch norms divide by sqrt(1 + eps).
    y = (y / (1 + 1e-5) ** 0.5).relu()
    depthwise = torch.cat(
        [
            torch.conv2d(
                y[:, i : i + 1], layer.depthwise.conv.weight[i : i + 1], padding=1
            )
            for i in range(3)
        ],
        dim=1,
    )
    torch.testing.assert_close(first, y)
    torch.testing.assert_close(second, (depthwise / (1 + 1e-5) ** 0.5).relu())
    assert first.shape == second.shape == (2, 3, 3, 4)


def test_the_size_stays_by_default():
    first, second = HalfChannelConv(4, 6)(torch.randn(1, 4, 6, 8))
    assert first.shape == second.shape == (1, 3, 6, 8)


def test_act_is_the_depthwise_relu():
    torch.manual_seed(0)
    on, off = HalfChannelConv(8, 8).eval(), HalfChannelConv(8, 8, act=False).eval()
    off.load_state_dict(on.state_dict())
    x = torch.randn(1, 8, 4, 4)
    assert off(x)[1].min() < 0
    torch.testing.assert_close(off(x)[1].relu(), on(x)[1])
    torch.testing.assert_close(off(x)[0], on(x)[0])


def test_gradient_reaches_every_parameter():
    layer = HalfChannelConv(8, 8)
    torch.cat(layer(torch.randn(2, 8, 5, 5)), 1).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize('channels', [33, 1])
def test_a_width_that_cannot_be_halved(channels):
    problem = f'out_channels={channels} must be even; choose {channels + 1}'
    with pytest.raises(ValueError, match=f'HalfChannelConv: {problem}'):
        HalfChannelConv(32, channels)


@pytest.mark.parametrize('value', [0, -2, 2.0, '8', True])
def test_a_width_that_is_none(value):
    with pytest.raises(ValueError, match='HalfChannelConv: in_channels=.*positive'):
        HalfChannelConv(value, 8)
