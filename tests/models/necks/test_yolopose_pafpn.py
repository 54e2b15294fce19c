import pytest
import torch
from mmpose.models.necks.yolox_pafpn import YOLOXPAFPN
from torch import nn

from mmpose_ext.models.layers import GhostConv
from mmpose_ext.models.necks.yolopose_pafpn import YOLOPosePAFPN
from mmpose_ext.testing import count_parameters, parameters_without_gradient

GHOST = dict(type='GhostConv')
CHANNELS = (8, 16, 24, 32)


@pytest.fixture
def feats():
    torch.manual_seed(0)
    return tuple(torch.randn(2, c, 16 >> i, 8 >> i) for i, c in enumerate(CHANNELS))


def test_counts():
    assert count_parameters(YOLOPosePAFPN()) == 5_986_560
    assert count_parameters(YOLOPosePAFPN(conv=GHOST)) == 5_986_560 - 1_176_832


@pytest.mark.parametrize('conv', [None, GHOST])
def test_maps_keep_their_shapes(feats, conv):
    out = YOLOPosePAFPN(CHANNELS, conv=conv)(feats)
    assert [m.shape for m in out] == [m.shape for m in feats]


def test_it_is_yolox_pafpn_without_output_convolutions(feats):
    ours = YOLOPosePAFPN(CHANNELS).eval()
    theirs = YOLOXPAFPN(list(CHANNELS), 8, num_csp_blocks=1).eval()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    theirs.out_convs = nn.ModuleList(nn.Identity() for _ in CHANNELS)
    torch.testing.assert_close(ours(feats), theirs(feats))


def test_all_six_plain_convolutions_become_ghosts():
    neck = YOLOPosePAFPN(CHANNELS, conv=GHOST)
    ghosts = [n for n, m in neck.named_modules() if isinstance(m, GhostConv)]
    assert ghosts == [
        f'{k}.{i}' for k in ('reduce_layers', 'downsamples') for i in range(3)
    ]
    assert [
        neck.reduce_layers[i].primary_conv.conv.kernel_size[0] for i in range(3)
    ] == [1] * 3
    assert [neck.downsamples[i].primary_conv.stride[0] for i in range(3)] == [2] * 3


def test_the_switch_changes_the_output(feats):
    plain, ghost = YOLOPosePAFPN(CHANNELS).eval(), YOLOPosePAFPN(CHANNELS, conv=GHOST)
    missing, _ = ghost.eval().load_state_dict(plain.state_dict(), strict=False)
    assert all(n.startswith(('reduce_layers', 'downsamples')) for n in missing)
    assert not torch.allclose(plain(feats)[0], ghost(feats)[0])


@pytest.mark.parametrize('conv', [None, GHOST])
def test_every_parameter_learns(feats, conv):
    neck = YOLOPosePAFPN(CHANNELS, conv=conv)
    neck.init_weights()
    sum(m.square().mean() for m in neck(feats)).backward()
    assert parameters_without_gradient(neck) == []


def test_every_input_reaches_every_output(feats):
    neck = YOLOPosePAFPN(CHANNELS)
    feats = [f.requires_grad_() for f in feats]
    for out in neck(feats):
        grads = torch.autograd.grad(out.square().sum(), feats, retain_graph=True)
        assert all(g.any() for g in grads)


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(in_channels=(8,)), r'YOLOPosePAFPN: in_channels=\(8,\)'),
        (dict(in_channels=8), 'YOLOPosePAFPN: in_channels=8'),
        (dict(in_channels=(8, 0)), r'YOLOPosePAFPN: in_channels=\(8, 0\)'),
        (dict(in_channels=(8, 15, 32), conv=GHOST), 'GhostConv: out_channels=15'),
        (dict(num_csp_blocks=0), 'YOLOPosePAFPN: num_csp_blocks=0'),
        (
            dict(conv=dict(type='GhostX')),
            "'GhostX'.*choose from 'GhostConv'.*'ConvModule'",
        ),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        YOLOPosePAFPN(**{'in_channels': CHANNELS, **kwargs})


def test_another_number_of_maps(feats):
    with pytest.raises(ValueError, match=r'\(8, 16, 24, 32\) does not fit 3 maps'):
        YOLOPosePAFPN(CHANNELS)(feats[:3])
