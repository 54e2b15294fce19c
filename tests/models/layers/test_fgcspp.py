import pytest
import torch
from mmpose.models.backbones.csp_darknet import SPPBottleneck
from torch.nn.functional import max_pool2d

from mmpose_ext.models.layers.fgcspp import FGCSPP
from mmpose_ext.models.layers.spp import SPP
from mmpose_ext.testing import count_parameters, parameters_without_gradient


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.randn(2, 16, 15, 20)


def test_parameters_beyond_the_spp():
    assert count_parameters(FGCSPP(512)) == 7_085_056
    assert count_parameters(FGCSPP(512)) - count_parameters(SPP(512)) == 6_428_160


def test_the_cascade_sees_5_9_and_13(x):
    parallel = [x] + [max_pool2d(x, k, 1, k // 2) for k in (5, 9, 13)]
    torch.testing.assert_close(
        FGCSPP(16).pyramid(x), torch.cat(parallel, 1), rtol=0, atol=0
    )


def test_by_hand(x):
    layer = FGCSPP(16).eval()
    main = x
    for conv in layer.main_conv:
        main = conv(main)
    pooled = torch.cat([main] + [max_pool2d(main, k, 1, k // 2) for k in (5, 9, 13)], 1)
    main = layer.fuse_conv[1](layer.fuse_conv[0](pooled))
    joined = torch.cat((main, layer.short_conv(x)), 1)
    torch.testing.assert_close(layer(x), layer.final_conv(joined))


@pytest.mark.parametrize(
    ('option', 'shape'),
    [
        (dict(out_channels=8), (2, 8, 15, 20)),
        (dict(mid_channels=4), (2, 16, 15, 20)),
        (dict(num_pools=1), (2, 16, 15, 20)),
    ],
)
def test_options_change_the_widths(x, option, shape):
    layer = FGCSPP(16, **option)
    assert layer(x).shape == shape
    assert count_parameters(layer) != count_parameters(FGCSPP(16))


def test_the_kernel_changes_the_output(x):
    small, large = FGCSPP(16, kernel_size=3).eval(), FGCSPP(16).eval()
    small.load_state_dict(large.state_dict())
    assert not torch.allclose(small(x), large(x))


def test_every_parameter_learns(x):
    layer = FGCSPP(16)
    layer(x).square().mean().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=0), 'FGCSPP: in_channels=0'),
        (dict(in_channels=16, kernel_size=4), 'FGCSPP: kernel_size=4 must be odd'),
        (dict(in_channels=16, num_pools=0), 'FGCSPP: num_pools=0'),
        (dict(in_channels=16, mid_channels=1.5), 'FGCSPP: mid_channels=1.5'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        FGCSPP(**kwargs)


def test_spp_is_that_of_mmpose(x):
    ours, theirs = SPP(16).eval(), SPPBottleneck(16, 16, (3, 5, 7)).eval()
    theirs.load_state_dict(ours.state_dict())
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=15), 'SPP: in_channels=15 must be even'),
        (dict(in_channels=16, kernel_sizes=(3, 4)), 'SPP: kernel_sizes=4 must be odd'),
        (dict(in_channels=16, out_channels=0), 'SPP: out_channels=0'),
    ],
)
def test_bad_arguments_of_spp(kwargs, message):
    with pytest.raises(ValueError, match=message):
        SPP(**kwargs)
