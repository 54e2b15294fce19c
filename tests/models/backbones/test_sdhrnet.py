from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpose.models.backbones.hrnet import HRNet

from mmpose_ext.models.backbones import SDHRNet
from mmpose_ext.models.backbones.sdhrnet import make_extra
from mmpose_ext.models.layers import SCRBlock, SemanticEnhancement
from mmpose_ext.testing import (
    build_from_config,
    fake_batch,
    parameters_without_gradient,
)

CONFIGS = Path(__file__).resolve().parents[3] / 'configs' / 'sdhrnet'
MAIN = CONFIGS / 'td-hm_sdhrnet_4xb32-210e_coco-256x192.py'
SMALL = CONFIGS / 'small' / 'td-hm_sdhrnet-w8_1xb32-8e_lspet-128x128.py'
COCO, MPII = 'coco-256x192', 'mpii-256x256'


def small(**options):
    """The small preset, evaluating: HRNet.train() returns None."""
    torch.manual_seed(0)
    net = SDHRNet(arch='w8-small', **options)
    net.eval()
    return net


def basic(extra):
    """HRNet's blocks in an SDHRNet's stages."""
    for stage in ('stage2', 'stage3', 'stage4'):
        extra[stage]['block'] = 'BASIC'
    return extra


def test_all_104_blocks_are_scr_and_sem_ends_the_last_transition():
    with torch.device('meta'):
        net = SDHRNet()
    blocks = [m for m in net.modules() if isinstance(m, SCRBlock)]
    assert len(blocks) == 104
    assert isinstance(net.transition3[-1][-1], SemanticEnhancement)
    assert sum(isinstance(m, SemanticEnhancement) for m in net.modules()) == 1


@pytest.mark.parametrize('arch', SDHRNet.arch_settings)
def test_output_shapes_of_every_preset(arch):
    with torch.device('meta'):
        net = SDHRNet(arch=arch)
    net.eval()
    settings = SDHRNet.arch_settings[arch]
    low, top = net(torch.zeros(2, 3, 64, 96, device='meta'))
    assert low.shape == (2, 4 * settings['stem'][1], 16, 24)
    assert top.shape == (2, settings['width'], 16, 24)


def test_with_basic_blocks_and_nothing_added_it_is_hrnet():
    extra = basic(make_extra(**SDHRNet.arch_settings['w8-small']))
    extra['stage4']['multiscale_output'] = True
    ours = SDHRNet(extra, sem=None, out_low_level=False)
    theirs = HRNet(extra)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    ours.eval()
    theirs.eval()
    x = torch.randn(1, 3, 64, 96)
    results, expected = ours(x), theirs(x)
    assert len(results) == len(expected) == 4
    for got, want in zip(results, expected, strict=True):
        torch.testing.assert_close(got, want)


def test_low_level_features_are_layer1s():
    net = small()
    seen = []
    net.layer1.register_forward_hook(lambda m, i, o: seen.append(o.clone()))
    low, top = net(torch.randn(1, 3, 64, 64))
    # Nothing after it may change it in place.
    torch.testing.assert_close(low, seen[0])
    net.out_low_level = False
    assert len(net(torch.randn(1, 3, 64, 64))) == 1
    assert top.shape == (1, 8, 16, 16)


def test_sem_switch_changes_the_output():
    on, off = small(), small(sem=None)
    missing, unexpected = off.load_state_dict(on.state_dict(), strict=False)
    assert not missing
    assert all('transition3.3.1.' in name for name in unexpected)
    x = torch.randn(1, 3, 64, 64)
    assert not torch.allclose(on(x)[1], off(x)[1])


def test_each_block_kind_changes_the_output():
    extra = make_extra(**SDHRNet.arch_settings['w8-small'])
    names = {type(m).__name__ for m in SDHRNet(extra).modules()}
    assert {'SCRBlock', 'Bottleneck'} <= names
    assert 'BasicBlock' not in names
    names = {type(m).__name__ for m in SDHRNet(basic(extra)).modules()}
    assert 'SCRBlock' not in names
    assert 'BasicBlock' in names


def test_channels_last_changes_the_format_alone():
    one, two = small(), small(channels_last=True)
    two.load_state_dict(one.state_dict())
    x = torch.randn(2, 3, 64, 64)
    for got, want in zip(two(x), one(x), strict=True):
        assert got.is_contiguous(memory_format=torch.channels_last)
        torch.testing.assert_close(got, want)


def test_checkpointing_changes_nothing():
    grads = []
    for with_cp in (False, True):
        torch.manual_seed(0)
        net = SDHRNet(arch='w8-small', with_cp=with_cp)
        x = torch.linspace(-1, 1, 2 * 3 * 64 * 64).view(2, 3, 64, 64)
        net(x)[1].square().sum().backward()
        name = 'stage3.0.branches.1.1.sc1.conv.conv.conv.weight'
        grads.append(net.get_parameter(name).grad)
    torch.testing.assert_close(*grads)


def test_frozen_stages_freeze_sem_too():
    net = SDHRNet(arch='w8-small', frozen_stages=3)
    assert not any(p.requires_grad for p in net.transition3.parameters())
    assert all(p.requires_grad for p in net.stage4.parameters())


def test_a_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    config = Config.fromfile(str(SMALL))
    # Width 16: of the two hidden units that width 8 leaves a gate, a start can
    # find both shut by their ReLU.
    config.model.backbone.arch = 'w16-small'
    config.model.head.in_channels = (128, 16)
    model = build_from_config(config)
    # SEM's attention learns once gamma has left its start at zero.
    torch.nn.init.constant_(model.backbone.transition3[-1][-1].spatial.gamma.scale, 0.1)
    inputs, samples = fake_batch(2, config.codec, num_keypoints=14)
    model.loss(inputs, samples)['loss_kpt'].backward()
    assert parameters_without_gradient(model) == []


def test_it_learns_one_batch():
    torch.manual_seed(0)
    config = Config.fromfile(str(SMALL))
    model = build_from_config(config)
    inputs, samples = fake_batch(2, config.codec, num_keypoints=14)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    losses = []
    for _ in range(8):
        loss = model.loss(inputs, samples)['loss_kpt']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(arch='w64'), "SDHRNet: arch='w64' is unknown; choose.*'w32'"),
        (
            dict(sem=dict(type='SemanticEnhancement', in_channels=32)),
            'SDHRNet: sem.in_channels=32.*is 64 wide.*choose 64',
        ),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        SDHRNet(**{'arch': 'w8-small', **options})


@pytest.mark.parametrize(
    ('stage', 'key', 'value', 'message'),
    [
        ('stage3', 'num_channels', (9, 18, 36), 'out_channels=9 must be even'),
        (
            'stage2',
            'block',
            'SRC',
            "'block'.='SRC' is unknown; .*'SCR'",
        ),
        ('stage4', 'num_channels', None, r"\['stage4'\].* lacks num_channels"),
        ('stage1', 'block', None, r"\['stage1'\].* lacks block"),
    ],
)
def test_bad_stages(stage, key, value, message):
    extra = make_extra(**SDHRNet.arch_settings['w8-small'])
    if value is None:
        del extra[stage][key]
    else:
        extra[stage][key] = value
    with pytest.raises(ValueError, match=message):
        SDHRNet(extra)


def test_a_stage_that_adds_no_branch_for_sem():
    extra = make_extra(**SDHRNet.arch_settings['w8-small'])
    extra['stage4'] = dict(extra['stage3'])
    SDHRNet(extra, sem=None)
    with pytest.raises(ValueError, match=r'stage4.*num_branches=3 adds none.*sem=None'):
        SDHRNet(extra)


@pytest.mark.parametrize('size', [(100, 128), (128, 72)])
def test_a_size_that_cannot_be_fused(size):
    net = small()
    height, width = size
    message = rf'\({width}, {height}\) must be multiples of 32'
    with pytest.raises(ValueError, match=message):
        net(torch.zeros(1, 3, height, width))


def test_a_size_that_rounds_up_to_one_that_can():
    # 61 pixels make 31 and then 16: HRNet fuses it, so it is no error.
    assert small()(torch.zeros(1, 3, 61, 64))[1].shape == (1, 8, 16, 16)
