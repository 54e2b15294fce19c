import pytest
import torch
from calibrated import calibrate

from mmpose_ext.models.necks.daunet_decoder import DAUNetDecoder
from mmpose_ext.testing import parameters_without_gradient

SMALL = dict(
    in_channels=(8, 12, 16, 24),
    channels=(32, 16, 16),
    attention=dict(type='SGE', groups=4),
)
OFF = dict(type='Identity')


@pytest.fixture
def feats():
    torch.manual_seed(0)
    return tuple(
        torch.randn(2, c, 32 >> i, 24 >> i) for i, c in enumerate((8, 12, 16, 24))
    )


def test_one_map_at_the_finest_size(feats):
    out = DAUNetDecoder(**SMALL)(feats)
    assert isinstance(out, tuple)
    assert [tuple(m.shape) for m in out] == [(2, 16, 32, 24)]


def test_a_stage_by_hand(feats):
    stage = calibrate(DAUNetDecoder(**SMALL)).stages[0]
    deep, skip = feats[3], feats[2]
    up = torch.nn.functional.conv_transpose2d(
        deep, stage.up[0].weight, stride=2, padding=1, output_padding=1
    )
    up = stage.up[1](up).relu()
    side = stage.lateral.bn(stage.lateral.conv(skip)).relu()
    joined = torch.cat((up, side), 1)
    joined = stage.attention(stage.rebuild(joined))
    out = stage.fuse.bn(stage.fuse.conv(joined)).relu()
    torch.testing.assert_close(stage(deep, skip), stage.refine(out))


def test_every_skip_reaches_the_output(feats):
    decoder = DAUNetDecoder(**SMALL)
    feats = [f.requires_grad_() for f in feats]
    decoder(feats)[0].square().sum().backward()
    assert all(f.grad.any() for f in feats)


@pytest.mark.parametrize('switch', ['rebuild', 'attention'])
def test_each_switch_changes_the_output(switch, feats):
    on = DAUNetDecoder(**SMALL).eval()
    off = DAUNetDecoder(**{**SMALL, switch: OFF}).eval()
    missing, unexpected = off.load_state_dict(on.state_dict(), strict=False)
    assert not missing
    assert all(f'.{switch}.' in name for name in unexpected)
    assert not torch.allclose(on(feats)[0], off(feats)[0])


def test_off_is_the_identity(feats):
    stage = DAUNetDecoder(**{**SMALL, 'attention': OFF}, rebuild=OFF).stages[0]
    x = torch.randn(1, 64, 4, 4)
    torch.testing.assert_close(stage.attention(stage.rebuild(x)), x, rtol=0, atol=0)


def test_every_parameter_learns(feats):
    decoder = DAUNetDecoder(**SMALL)
    decoder.init_weights()
    decoder(feats)[0].square().mean().backward()
    assert parameters_without_gradient(decoder) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (
            dict(channels=(32, 16)),
            r'channels=\(32, 16\) must be a list of 3',
        ),
        (dict(channels=(32, 16, 15)), 'DAUNetDecoder: channels=15 must be even'),
        (
            dict(in_channels=(8, 0, 16, 24)),
            r'in_channels=\(8, 0, 16, 24\)',
        ),
        (
            dict(rebuild=dict(type='SCRX')),
            "rebuild=.*'SCRX'.*choose from 'SCRU'.*SGE",
        ),
        (dict(attention='SGE'), "DAUNetDecoder: attention='SGE'"),
        (dict(attention=dict(type='SGE')), 'SGE: in_channels=32 .*groups=64'),
        (dict(channels=(20, 16, 16)), 'SRU: in_channels=40 .*groups=16'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        DAUNetDecoder(**{**SMALL, **kwargs})
