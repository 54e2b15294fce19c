import pytest
import torch
from calibrated import calibrate
from torch import nn

from mmpose_ext.models.layers import DASP
from mmpose_ext.testing import parameters_without_gradient


def test_widths_of_the_reading():
    layer = DASP(32, 256)
    convs = [m.conv for m in layer.pyramid]
    assert [c.in_channels for c in convs] == [32, 40, 48, 56]
    assert [c.out_channels for c in convs] == [8] * 4
    assert [c.dilation for c in convs] == [(1, 1), (6, 6), (12, 12), (18, 18)]
    weights = [m.weight for m in layer.modules() if isinstance(m, nn.Conv2d)]
    assert sum(w.numel() for w in weights) == 24960


def test_a_narrow_input_grows_by_one_map():
    convs = [m.conv for m in DASP(3, 8).pyramid]  # 3 // 4 is 0
    assert [c.out_channels for c in convs] == [1] * 4


def test_receptive_field_is_the_papers():
    layer = DASP(2, 2, growth=1).eval()
    for module in layer.modules():  # every ReLU open, every path positive
        if isinstance(module, nn.Conv2d):
            nn.init.ones_(module.weight)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.ones_(module.bias)
    x = torch.zeros(1, 2, 101, 101, requires_grad=True)
    low = torch.zeros(1, 2, 101, 101)
    layer(x, low)[0, :, 50, 50].sum().backward()
    seen = x.grad[0].abs().sum(0).nonzero()
    assert (seen.max(0).values - seen.min(0).values + 1).tolist() == [75, 75]


def test_it_sees_the_newest_map_first_and_both_inputs():
    torch.manual_seed(0)
    layer = calibrate(DASP(4, 6, growth=2, dilations=(1, 2)))
    x, low = torch.randn(1, 4, 5, 5), torch.randn(1, 6, 5, 5)
    y1 = layer.pyramid[0](x)
    y2 = layer.pyramid[1](torch.cat((y1, x), 1))
    joint = layer.project(torch.cat((y2, y1, x), 1))
    expected = layer.fuse(torch.cat((layer.low(low), joint), 1))
    torch.testing.assert_close(layer(x, low), expected)
    assert not torch.allclose(layer(x, low + 1), expected)


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    layer = DASP(8, 16)
    out = layer(torch.randn(2, 8, 40, 40), torch.randn(2, 16, 40, 40))
    out.square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(growth=0), 'DASP: growth=0'),
        (dict(channels='8'), "DASP: channels='8'"),
        (dict(dilations=()), r'DASP: dilations=\(\) must be a list'),
        (dict(dilations=6), 'DASP: dilations=6'),
        (dict(dilations=(1, 0)), r'DASP: dilations=\(1, 0\)'),
    ],
)
def test_bad_values(options, message):
    with pytest.raises(ValueError, match=message):
        DASP(8, 8, **options)
