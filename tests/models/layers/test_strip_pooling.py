import pytest
import torch

from mmpose_ext.models.layers import StripPooling
from mmpose_ext.testing import parameters_without_gradient


def pass_through(channels, kernel_size=3):
    """Strips and gate with delta kernels, and norms that do nothing."""
    layer = StripPooling(channels, kernel_size).eval()
    for conv in (layer.conv_h, layer.conv_v, layer.conv):
        torch.nn.init.dirac_(conv.weight)
    torch.nn.init.zeros_(layer.conv.bias)
    layer.norm_h = layer.norm_v = torch.nn.Identity()
    return layer


def test_by_hand():
    x = torch.tensor([[[[1.0, 3.0], [-2.0, 0.0]]]])
    # Row means 2, -1; column means -0.5, 1.5; their sums, after the ReLU:
    gate = torch.tensor([[1.5, 3.5], [0.0, 0.5]]).sigmoid()
    torch.testing.assert_close(pass_through(1)(x), x * gate)


def test_constant_map_is_scaled_by_one_number():
    x = torch.full((1, 2, 5, 7), 0.75)
    out = pass_through(2)(x)
    torch.testing.assert_close(out, x * torch.tensor(1.5).sigmoid())


def test_a_pixel_reaches_its_row_and_column_alone():
    layer = pass_through(1, kernel_size=1)
    x = torch.rand(1, 1, 6, 5) + 1
    other = x.clone()
    other[..., 2, 3] += 1
    changed = (layer(x) != layer(other))[0, 0]
    expected = torch.zeros(6, 5, dtype=torch.bool)
    expected[2] = expected[:, 3] = True
    assert torch.equal(changed, expected)


def test_rows_and_columns_are_not_mixed_up():
    layer = StripPooling(3).eval()
    turned = StripPooling(3).eval()
    state = layer.state_dict()
    swap = {'conv_h': 'conv_v', 'norm_h': 'norm_v', 'conv_v': 'conv_h'}
    swap['norm_v'] = 'norm_h'
    turned.load_state_dict(
        {
            '.'.join([swap.get(k.split('.')[0], k.split('.')[0]), k.split('.')[1]]): (
                v.transpose(2, 3) if v.dim() == 4 else v
            )
            for k, v in state.items()
        }
    )
    x = torch.randn(2, 3, 4, 9)
    torch.testing.assert_close(
        layer(x).transpose(2, 3), turned(x.transpose(2, 3)), rtol=1e-4, atol=1e-5
    )


def test_every_parameter_learns():
    layer = StripPooling(8)
    layer(torch.randn(2, 8, 6, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=-1), 'StripPooling: in_channels=-1'),
        (dict(in_channels=4, kernel_size=4), 'StripPooling: kernel_size=4 must be odd'),
    ],
)
def test_bad_numbers(kwargs, message):
    with pytest.raises(ValueError, match=message):
        StripPooling(**kwargs)
