import pytest
import torch
from mmpose.models.utils import CSPLayer

from mmpose_ext.models.layers.sca import SCA
from mmpose_ext.testing import count_parameters, parameters_without_gradient

EQ5 = dict(type='CoordAttention', residual=False)
OFF = dict(type='Identity')


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.randn(2, 32, 6, 4)


@pytest.mark.parametrize('channels', [256, 384])
def test_parameters(channels):
    # Three 1x1 convolutions with norm: c(c/2) + c(c/2) + c^2
    # weights, 4c of norms, and 26(c/2) + 24 of the attention.
    half = channels // 2
    by_hand = 2 * channels**2 + 4 * channels + 26 * half + 24
    assert count_parameters(SCA(channels)) == by_hand


def test_the_blocks_of_a_c3_are_all_that_differs(x):
    c3 = CSPLayer(32, 32, num_blocks=2)
    kept = {k for k in c3.state_dict() if not k.startswith('blocks')}
    ours = {k for k in SCA(32).state_dict() if not k.startswith('blocks')}
    assert ours == kept


def test_by_hand(x):
    layer = SCA(32).eval()
    main = layer.main_conv(x)
    inner = layer.blocks
    inner.residual = False
    gated = main + inner(main)  # eq. 5 and the residual of eq. 4's text
    inner.residual = True
    expected = layer.final_conv(torch.cat((gated, layer.short_conv(x)), 1))
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize('other', [EQ5, OFF])
def test_each_switch_changes_the_output(x, other):
    on, off = SCA(32).eval(), SCA(32, attention=other).eval()
    off.load_state_dict(on.state_dict(), strict=other is EQ5)
    assert not torch.allclose(on(x), off(x))


def test_off_is_a_c3_without_bottlenecks(x):
    off = SCA(32, attention=OFF).eval()
    plain = CSPLayer(32, 32, num_blocks=0, act_cfg=dict(type='SiLU')).eval()
    plain.load_state_dict(off.state_dict())
    torch.testing.assert_close(off(x), plain(x))


def test_every_parameter_learns(x):
    layer = SCA(32)
    layer(x).square().mean().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=33), 'SCA: out_channels=33 must be even'),
        (dict(in_channels=0), 'SCA: in_channels=0'),
        (dict(in_channels=32, attention=dict(type='CoordX')), 'SCA: attention='),
        (dict(in_channels=32, attention='CoordAttention'), 'SCA: attention='),
        (dict(in_channels=32, num_blocks=2), 'SCA: num_blocks=2 .*leave it out'),
        (dict(in_channels=32, add_identity=True), 'SCA: add_identity=True'),
        (dict(in_channels=32, expand_ratio=0), 'SCA: expand_ratio=0'),
        (dict(in_channels=32, expand_ratio=-0.5), 'SCA: expand_ratio=-0.5'),
        (dict(in_channels=32, expand_ratio=0.01), 'SCA: hidden_channels=0'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        SCA(**kwargs)
