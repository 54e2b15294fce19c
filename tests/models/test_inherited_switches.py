"""Every argument that a class has from its parent in MMPose: honored, or refused."""

import inspect

import pytest
import torch
from mmcv.cnn import DepthwiseSeparableConvModule
from mmengine.registry import init_default_scope
from mmpose.models.backbones.csp_darknet import CSPDarknet, SPPBottleneck
from mmpose.models.backbones.hrnet import HRNet
from mmpose.models.backbones.resnet import BasicBlock, Bottleneck, ResNet
from mmpose.models.heads import HeatmapHead
from mmpose.models.necks import YOLOXPAFPN
from mmpose.models.utils.csp_layer import ChannelAttention, CSPLayer
from mmpose.registry import MODELS
from registry_cases import CASES, build, call
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from mmpose_ext.models.utils.build import signature_of
from mmpose_ext.utils import ConfigError

PARENTS = {
    'CAHRNet': HRNet,
    'SDHRNet': HRNet,
    'DAUNetEncoder': ResNet,
    'SCADKNet': CSPDarknet,
    'YOLOPosePAFPN': YOLOXPAFPN,
    'SCA': CSPLayer,
    'SPP': SPPBottleneck,
    'RFM': BasicBlock,
    'DASPHead': HeatmapHead,
    'Float32HeatmapHead': HeatmapHead,
    'SADIHead': HeatmapHead,
}
# Layers: tests/models/test_registry_configs.py. Sizes and layouts: each class's tests.
ELSEWHERE = {'norm_cfg', 'conv_cfg', 'act_cfg', 'out_channels'}


@pytest.fixture(autouse=True)
def scope_and_seed():
    init_default_scope('mmpose')
    torch.manual_seed(0)


def output(net, name):
    net.eval()
    with torch.no_grad():
        return call(name, net, CASES[name].inputs())


def of(net, *kinds):
    return [m for m in net.modules() if isinstance(m, kinds)]


def frozen(*parts):
    """Exactly these parts have no gradient and stay in evaluation."""

    def check(name, net):
        net.train()
        fixed = [n for n, p in net.named_parameters() if not p.requires_grad]
        assert fixed == [n for n, _ in net.named_parameters() if n.startswith(parts)]
        for n, module in net.named_modules():
            if isinstance(module, _BatchNorm):
                assert module.training == (not f'{n}.'.startswith(parts)), n

    return check


def norms_stay_in_evaluation(name, net):
    net.train()
    assert net.training
    assert not any(norm.training for norm in of(net, _BatchNorm))


def forward_runs_twice(name, net):
    """The branch of a block is computed again in the backward pass."""
    calls = []
    blocks = [n for n, m in net.named_modules() if hasattr(m, 'with_cp')]
    for block in blocks[1:] or blocks:
        convolution = of(net.get_submodule(block), nn.Conv2d)[0]
        convolution.register_forward_hook(lambda *_: calls.append(1))
    net.train()
    inputs = [x.requires_grad_() for x in CASES[name].inputs()]
    total = sum(x.sum() for x in call(name, net, inputs))
    first = len(calls)
    total.backward()
    assert len(calls) == 2 * first > 0


def branches_start_at_zero(name, net):
    net.init_weights()
    for block in of(net, BasicBlock, Bottleneck):
        last = block.norm3 if isinstance(block, Bottleneck) else block.norm2
        assert last.weight.eq(0).all()


def branches_start_alive(name, net):
    net.init_weights()
    for norm in of(net, _BatchNorm):
        assert norm.weight.eq(1).all()


def weights_start_at_half(name, net):
    net.init_weights()
    # A head's other parts have an init_cfg of their own.
    layers = of(getattr(net, 'final_layer', net), nn.Conv2d)
    assert layers
    assert all(layer.weight.eq(0.5).all() for layer in layers)


def shapes(*expected):
    def check(name, net):
        assert [tuple(x.shape[1:]) for x in output(net, name)] == list(expected)

    return check


def holds(path, **attributes):
    def check(name, net):
        part = net.get_submodule(path)
        assert {key: getattr(part, key) for key in attributes} == attributes

    return check


def has(*kinds):
    """The parts are there, and are not without the switch."""

    def check(name, net):
        assert of(net, *kinds)
        assert not of(build(name), *kinds)
        output(net, name)

    return check


def loss_doubles(name, net):
    arguments = torch.rand(2, 3, 8, 8), torch.rand(2, 3, 8, 8), torch.ones(2, 3)
    single = build(name).loss_module(*arguments)
    torch.testing.assert_close(net.loss_module(*arguments), 2 * single)


def averages_in_no_shortcut(name, net):
    assert not of(net.layer2[0].downsample, nn.AvgPool2d)
    assert of(build(name).layer2[0].downsample, nn.AvgPool2d)


def decodes_by_it(name, net):
    maps = torch.zeros(3, 8, 8)
    maps[:, 5, 2] = 1  # one pixel of 8 is four of 32
    assert net.decoder.decode(maps.numpy())[0][0, 0].tolist() == [8, 20]


REFUSED = None
CONSTANT = dict(type='Constant', layer='Conv2d', val=0.5)
EXTRA = CASES['CAHRNet'].config['extra']
STEM = ('conv1.', 'bn1.', 'conv2.', 'bn2.')
HRNETS = dict(
    frozen_stages=[
        (0, frozen(*STEM)),
        (2, frozen(*STEM, 'layer1.', 'stage2.', 'transition1.', 'transition2.')),
    ],
    in_channels=[(4, holds('conv1', in_channels=4))],
    norm_eval=[(True, norms_stay_in_evaluation)],
    with_cp=[(True, forward_runs_twice)],
    init_cfg=[(CONSTANT, weights_start_at_half)],
)
ZERO = [(True, branches_start_at_zero), (False, branches_start_alive)]
RESNET = dict(block='Bottleneck')
SIX, FIVE = dict(conv_out_channels=(6,)), dict(conv_kernel_sizes=(5,))
HEADS = dict(
    conv_out_channels=[((6,), holds('final_layer', in_channels=6), FIVE)],
    conv_kernel_sizes=[
        ((5,), holds('conv_layers.0', kernel_size=(5, 5)), SIX),
        ((5, 3), REFUSED, SIX),
    ],
    final_layer=[
        (dict(kernel_size=3, padding=1), holds('final_layer', kernel_size=(3, 3)))
    ],
    loss=[(dict(type='KeypointMSELoss', loss_weight=2.0), loss_doubles)],
    decoder=[
        (
            dict(type='MSRAHeatmap', input_size=(32, 32), heatmap_size=(8, 8), sigma=1),
            decodes_by_it,
        )
    ],
    init_cfg=[(CONSTANT, weights_start_at_half)],
)
UP = dict(deconv_kernel_sizes=(4,))
DECONVOLUTIONS = dict(
    deconv_out_channels=[((6,), shapes((3, 16, 16)), UP)],
    deconv_kernel_sizes=[
        (
            (2,),
            holds('deconv_layers.0', kernel_size=(2, 2)),
            dict(deconv_out_channels=(6,)),
        ),
        ((2,), REFUSED),
    ],
)
# For each argument: a value, what it does or REFUSED, and other arguments.
SWITCHES = {
    'CAHRNet': dict(HRNETS, zero_init_residual=ZERO),
    'SDHRNet': dict(
        HRNETS,
        zero_init_residual=[
            (True, branches_start_at_zero, dict(extra=EXTRA, sem=None)),
            (True, REFUSED),
        ],
    ),
    'DAUNetEncoder': dict(
        in_channels=[(4, holds('conv1', in_channels=4))],
        stem_channels=[(12, holds('conv1', out_channels=12))],
        base_channels=[
            (16, shapes((64, 16, 16), (128, 8, 8), (256, 4, 4), (512, 2, 2)))
        ],
        expansion=[(2, shapes((16, 16, 16), (32, 8, 8), (64, 4, 4), (128, 2, 2)))],
        num_stages=[
            (
                3,
                shapes((32, 16, 16), (64, 8, 8), (128, 4, 4)),
                dict(out_indices=(0, 1, 2)),
            ),
            (3, shapes((64, 8, 8)), dict(out_indices=(1,), strides=(2, 1, 1))),
        ],
        strides=[
            (
                (1, 2, 2, 1),
                shapes((32, 16, 16), (64, 8, 8), (128, 4, 4), (256, 4, 4)),
            )
        ],
        dilations=[
            ((1, 1, 1, 2), REFUSED),
            ((1, 1, 1, 2), holds('layer4.0.conv2', dilation=(2, 2)), RESNET),
        ],
        out_indices=[((1, 3), shapes((64, 8, 8), (256, 2, 2)))],
        style=[
            ('caffe', REFUSED),
            ('caffe', holds('layer2.0.conv1', stride=(2, 2)), RESNET),
            ('pytorch', holds('layer2.0.conv1', stride=(1, 1)), RESNET),
        ],
        deep_stem=[(True, holds('stem.2.conv', out_channels=8))],
        avg_down=[(False, averages_in_no_shortcut)],
        frozen_stages=[
            (0, frozen('conv1.', 'bn1.')),
            (2, frozen('conv1.', 'bn1.', 'layer1.', 'layer2.')),
        ],
        norm_eval=[(True, norms_stay_in_evaluation)],
        with_cp=[(True, forward_runs_twice)],
        zero_init_residual=ZERO,
        init_cfg=[(CONSTANT, weights_start_at_half)],
    ),
    'SCADKNet': dict(
        frozen_stages=[
            (1, frozen('stem.', 'stage1.')),
            (5, frozen('stem.', 'stage')),  # the exchanged parts, too
        ],
        use_depthwise=[(True, has(DepthwiseSeparableConvModule))],
        arch_ovewrite=[([[64, 128, 3, True, False]], REFUSED)],
        spp_kernal_sizes=[((3,), REFUSED)],
        norm_eval=[(True, norms_stay_in_evaluation)],
        init_cfg=[(CONSTANT, weights_start_at_half)],
    ),
    'YOLOPosePAFPN': dict(
        use_depthwise=[(True, has(DepthwiseSeparableConvModule))],
        upsample_cfg=[
            (dict(scale_factor=2, mode='bilinear'), holds('upsample', mode='bilinear'))
        ],
        init_cfg=[(CONSTANT, weights_start_at_half)],
    ),
    'SCA': dict(
        expand_ratio=[(0.25, holds('main_conv.conv', out_channels=4))],
        channel_attention=[(True, has(ChannelAttention))],
        num_blocks=[(3, REFUSED)],
        add_identity=[(False, REFUSED)],
        use_depthwise=[(True, REFUSED)],
        use_cspnext_block=[(True, REFUSED)],
        init_cfg=[(CONSTANT, weights_start_at_half)],
    ),
    'SPP': dict(init_cfg=[(CONSTANT, weights_start_at_half)]),
    'RFM': dict(
        expansion=[(2, REFUSED)],
        stride=[(2, shapes((16, 4, 4)), dict(downsample=nn.AvgPool2d(2)))],
        dilation=[(2, holds('conv1', dilation=(2, 2)))],
        downsample=[(nn.AvgPool2d(2), shapes((16, 4, 4)), dict(stride=2))],
        style=[('caffe', REFUSED)],
        with_cp=[(True, forward_runs_twice)],
        init_cfg=[(CONSTANT, weights_start_at_half)],
    ),
    'DASPHead': dict(HEADS, **DECONVOLUTIONS),
    'Float32HeatmapHead': dict(HEADS, **DECONVOLUTIONS),
    'SADIHead': dict(
        HEADS,
        deconv_out_channels=[((6,), REFUSED, UP)],
        deconv_kernel_sizes=[((4,), REFUSED)],
    ),
}


@pytest.mark.parametrize('name', PARENTS)
def test_no_inherited_argument_is_left_out(name):
    kind = MODELS.get(name)
    own = list(inspect.signature(kind.__init__).parameters)
    known = set(signature_of(kind)[0]) & set(signature_of(PARENTS[name])[0])
    assert known - set(own) - ELSEWHERE <= set(SWITCHES[name])


@pytest.mark.parametrize('name', SWITCHES)
def test_an_inherited_argument_acts_or_is_refused(name):
    for argument, entries in SWITCHES[name].items():
        for value, check, *more in entries:
            changes = {argument: value, **(more[0] if more else {})}
            if check is not REFUSED:
                check(name, build(name, **changes))
                continue
            with pytest.raises(ConfigError, match=f'{name}: {argument}='):
                build(name, **changes)
