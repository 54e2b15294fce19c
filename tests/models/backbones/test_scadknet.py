import pytest
import torch
from mmpose.models.backbones.csp_darknet import CSPDarknet

from mmpose_ext.models.backbones.scadknet import SCADKNet
from mmpose_ext.models.layers import FGCSPP, SCA, SPP
from mmpose_ext.testing import count_parameters, parameters_without_gradient

PLAIN = dict(attention_stages=(), pooling=dict(type='SPP'))
SMALL = dict(widen_factor=0.125)


@pytest.fixture
def image():
    torch.manual_seed(0)
    return torch.randn(2, 3, 128, 64)


def test_counts():
    assert count_parameters(SCADKNet(**PLAIN)) == 6_353_856
    assert count_parameters(SCADKNet()) == 11_927_920


def test_strides_and_channels(image):
    shapes = [tuple(m.shape) for m in SCADKNet(**SMALL)(image)]
    assert shapes == [(2, 32, 16, 8), (2, 64, 8, 4), (2, 96, 4, 2), (2, 128, 2, 1)]


def test_without_its_parts_it_is_csp_darknet(image):
    # MMPose's default, Swish, multiplies by the sigmoid where SiLU divides. The two
    # round apart, and random weights amplify that; with SiLU all operators are equal.
    options = dict(spp_kernal_sizes=(3, 5, 7), act_cfg=dict(type='SiLU'))
    ours = SCADKNet(**SMALL, **PLAIN).eval()
    theirs = CSPDarknet('P6', 0.33, 0.125, out_indices=(2, 3, 4, 5), **options)
    theirs.eval()
    theirs.load_state_dict(ours.state_dict())
    torch.testing.assert_close(ours(image), theirs(image), rtol=1e-6, atol=1e-6)


def test_swish_is_silu_but_for_rounding(image):
    plain = SCADKNet(**SMALL, **PLAIN).eval().double()
    swish = SCADKNet(**SMALL, **PLAIN, act_cfg=dict(type='Swish')).eval().double()
    swish.load_state_dict(plain.state_dict())
    x = image.double()
    torch.testing.assert_close(plain(x), swish(x), rtol=1e-10, atol=1e-10)


def test_where_the_parts_stand():
    net = SCADKNet(**SMALL)
    found = {n: type(m) for n, m in net.named_modules() if isinstance(m, (SCA, FGCSPP))}
    assert found == {'stage3.1': SCA, 'stage4.1': SCA, 'stage5.1': FGCSPP}
    plain = SCADKNet(**SMALL, **PLAIN)
    found = {n for n, m in plain.named_modules() if isinstance(m, (SCA, FGCSPP, SPP))}
    assert found == {'stage5.1'}


@pytest.mark.parametrize(
    ('option', 'prefixes'),
    [
        (dict(attention_stages=(3,)), ('stage4.1',)),
        (dict(attention_stages=(2, 3, 4)), ('stage2.1',)),
        (dict(pooling=dict(type='SPP')), ('stage5.1',)),
        (
            dict(attention=dict(type='SCA', attention=dict(type='Identity'))),
            ('stage3.1.blocks', 'stage4.1.blocks'),
        ),
    ],
)
def test_each_switch_changes_its_part_and_nothing_else(image, option, prefixes):
    full, other = SCADKNet(**SMALL).eval(), SCADKNet(**SMALL, **option).eval()
    ours, theirs = full.state_dict(), other.state_dict()
    for name in ours.keys() ^ theirs.keys():
        assert name.startswith(prefixes), name
    shared = {k: v for k, v in ours.items() if not k.startswith(prefixes)}
    other.load_state_dict(shared, strict=False)
    assert not torch.allclose(full(image)[-1], other(image)[-1])


def test_convolutions_carry_yolov5s_norm_and_activation():
    net = SCADKNet(**SMALL)
    norms = [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert {(m.eps, m.momentum) for m in norms} == {(1e-3, 0.03)}
    kinds = {type(m).__name__ for m in net.modules()}
    assert 'SiLU' in kinds
    assert 'Swish' not in kinds


def test_every_parameter_learns(image):
    net = SCADKNet(**SMALL)
    net.init_weights()
    sum(m.square().mean() for m in net(image)).backward()
    assert parameters_without_gradient(net) == []


def test_switching_the_mode_returns_the_network():
    net = SCADKNet(**SMALL)
    assert net.eval() is net
    assert not net.training
    assert net.train() is net


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(arch='P7'), "SCADKNet: arch='P7' is unknown; choose from 'P5', 'P6'"),
        (dict(attention_stages=(3, 6)), r'attention_stages=\(3, 6\) .* 1, 2, 3, 4, 5'),
        (dict(attention_stages=(3, 3)), r'attention_stages=\(3, 3\)'),
        (dict(attention_stages=3), 'attention_stages=3'),
        (dict(out_indices=(2, 9)), r'out_indices=\(2, 9\) .*; choose'),
        (
            dict(pooling=dict(type='ASPP')),
            "'ASPP'.*choose from 'SPP', 'FGCSPP'",
        ),
        (dict(attention=dict(type='SCX')), "attention=.*'SCX'.*SCA"),
        (dict(pooling='SPP'), "SCADKNet: pooling='SPP'"),
        (
            dict(spp_kernal_sizes=(3,)),
            r'spp_kernal_sizes=\(3,\) is not supported',
        ),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        SCADKNet(**SMALL, **kwargs)


def test_sizes_that_64_does_not_divide():
    with pytest.raises(ValueError, match=r'\(w, h\)=\(96, 200\).*64.*\(128, 256\)'):
        SCADKNet(**SMALL)(torch.randn(1, 3, 200, 96))
    # ... and a five-stage one needs 32.
    five = SCADKNet('P5', **SMALL)
    assert [m.shape[-1] for m in five(torch.randn(2, 3, 64, 96))] == [12, 6, 3]
