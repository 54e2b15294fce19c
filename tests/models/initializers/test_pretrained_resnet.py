import logging

import pytest
import torch
from mmengine.logging import MMLogger
from mmengine.runner.checkpoint import load_state_dict
from mmpose.models.backbones.resnet import ResNet

from mmpose_ext.models.backbones.daunet_encoder import DAUNetEncoder
from mmpose_ext.models.initializers import fit_resnet_weights
from mmpose_ext.utils import UserError

WIDTH = dict(base_channels=8, stem_channels=8)


@pytest.fixture(scope='module')
def imagenet():
    """A file as torchvision's, with random numbers, and a head for nothing."""
    torch.manual_seed(1)
    state = ResNet(50, **WIDTH).state_dict()
    state = {
        k: torch.rand_like(v) if v.is_floating_point() else v + 7
        for k, v in state.items()
    }
    return {**state, 'fc.weight': torch.rand(10, 256), 'fc.bias': torch.rand(10)}


def test_the_trap_is_there(imagenet):
    # MMEngine's own way leaves the shortcuts of `avg_down` as they were.
    net = ResNet(50, avg_down=True, **WIDTH)
    load_state_dict(net, imagenet, strict=False)
    state = net.state_dict()
    torch.testing.assert_close(state['conv1.weight'], imagenet['conv1.weight'])
    shortcut = imagenet['layer2.0.downsample.0.weight']
    assert not torch.allclose(state['layer2.0.downsample.1.weight'], shortcut)


def test_the_plain_encoder_takes_everything(imagenet):
    net = DAUNetEncoder(50, block='Bottleneck', **WIDTH)
    report = fit_resnet_weights(net, imagenet)
    # 53 convolutions, and four tensors of each norm: its step counter is no weight.
    assert len(report.loaded) == 53 + 4 * 53
    assert report.sliced == report.fresh == []
    assert report.unused == ['fc.weight', 'fc.bias']
    state = net.state_dict()
    for stage in (2, 3, 4):
        path = f'layer{stage}.0.downsample'
        for new, old in (('1.weight', '0.weight'), ('2.running_var', '1.running_var')):
            torch.testing.assert_close(
                state[f'{path}.{new}'], imagenet[f'{path}.{old}']
            )
    # The first stage has no pooling, and its names do not move.
    torch.testing.assert_close(
        state['layer1.0.downsample.0.weight'], imagenet['layer1.0.downsample.0.weight']
    )


def test_ibn_takes_slices_and_says_what_is_fresh(imagenet):
    net = DAUNetEncoder(50, **WIDTH)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    report = fit_resnet_weights(net, imagenet)
    weights = [name for name in before if not name.endswith('num_batches_tracked')]
    assert sorted(report.loaded + report.sliced + report.fresh) == sorted(weights)
    assert report.sliced == [
        f'layer{s}.{b}.conv2.conv.weight'
        for s, blocks in enumerate((3, 4, 6, 3), start=1)
        for b in range(blocks)
    ]
    # Three convolutions, a bias and two norms of four tensors, in 16 blocks.
    assert len(report.fresh) == 16 * 12
    assert all('.strip_pool.' in name for name in report.fresh)
    assert len(report.loaded) == 265 - 16
    after = net.state_dict()
    for name in report.fresh:
        torch.testing.assert_close(after[name], before[name], rtol=0, atol=0)
    torch.testing.assert_close(
        after['layer2.1.conv2.conv.weight'], imagenet['layer2.1.conv2.weight'][:4, :4]
    )


def test_a_file_of_an_avg_down_network_is_not_shifted_again():
    source = ResNet(50, avg_down=True, **WIDTH).state_dict()
    net = DAUNetEncoder(50, block='Bottleneck', **WIDTH)
    report = fit_resnet_weights(net, source)
    assert report.fresh == report.unused == []
    for name, tensor in net.state_dict().items():
        torch.testing.assert_close(tensor, source[name])


def test_what_is_too_small_stays_fresh(imagenet):
    net = DAUNetEncoder(50, base_channels=8, stem_channels=16)
    report = fit_resnet_weights(net, imagenet)
    assert 'conv1.weight' in report.fresh
    assert 'bn1.running_mean' in report.fresh
    assert 'conv1.weight' in report.unused


@pytest.mark.parametrize('prefix', [None, 'backbone'])
def test_through_init_cfg(imagenet, tmp_path, caplog, prefix):
    stored = {f'{prefix}.{k}': v for k, v in imagenet.items()} if prefix else imagenet
    torch.save(dict(state_dict=stored), tmp_path / 'r50.pth')
    net = DAUNetEncoder(
        50,
        **WIDTH,
        init_cfg=dict(
            type='PretrainedResNet',
            checkpoint=str(tmp_path / 'r50.pth'),
            prefix=prefix,
        ),
    )
    logger = MMLogger.get_current_instance()
    logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.INFO):
            net.init_weights()
    finally:
        logger.removeHandler(caplog.handler)
    text = caplog.text
    assert '249 tensors loaded, 16 sliced, 192 fresh; 2 of the file unused' in text
    assert 'sliced: layer*.*.conv2.conv.weight (x16)' in text
    assert 'layer*.*.strip_pool.conv_h.weight (x16)' in text
    assert 'unused: fc.weight (x1), fc.bias (x1)' in text
    state = net.state_dict()
    # Not set to zero after loading, as a fresh ResNet's last norms are.
    torch.testing.assert_close(
        state['layer1.0.bn3.weight'], imagenet['layer1.0.bn3.weight']
    )
    assert state['layer1.0.strip_pool.norm_h.weight'].eq(1).all()


def test_a_file_without_any_resnet_is_refused(tmp_path):
    torch.save(dict(state_dict={'stem.weight': torch.rand(3)}), tmp_path / 'other.pth')
    init_cfg = dict(type='PretrainedResNet', checkpoint=str(tmp_path / 'other.pth'))
    with pytest.raises(
        UserError, match=r'holds \(\) blocks, .* has \(3, 4, 6, 3\); give'
    ):
        DAUNetEncoder(50, **WIDTH, init_cfg=init_cfg).init_weights()


def test_a_missing_file_is_one_line(tmp_path):
    init_cfg = dict(type='PretrainedResNet', checkpoint=str(tmp_path / 'none.pth'))
    with pytest.raises(UserError, match=r'none\.pth does not exist'):
        DAUNetEncoder(50, **WIDTH, init_cfg=init_cfg).init_weights()


@pytest.mark.parametrize(
    ('depth', 'message'),
    [
        (34, 'fits DAUNetEncoder in 1 of its 36 convolutions; give'),
        (18, r'holds \(2, 2, 2, 2\) blocks'),
        (101, r'holds \(3, 4, 23, 3\) blocks'),
        (152, r'holds \(3, 8, 36, 3\) blocks'),
    ],
)
def test_another_depth_is_refused(tmp_path, depth, message):
    torch.save(ResNet(depth, **WIDTH).state_dict(), tmp_path / 'other.pth')
    init_cfg = dict(type='PretrainedResNet', checkpoint=str(tmp_path / 'other.pth'))
    with pytest.raises(UserError, match=message):
        DAUNetEncoder(50, **WIDTH, init_cfg=init_cfg).init_weights()


def test_another_width_is_refused(tmp_path, imagenet):
    torch.save(imagenet, tmp_path / 'wide.pth')
    init_cfg = dict(type='PretrainedResNet', checkpoint=str(tmp_path / 'wide.pth'))
    with pytest.raises(UserError, match='fits DAUNetEncoder in 0 of its 53 conv'):
        DAUNetEncoder(
            50, base_channels=4, stem_channels=4, init_cfg=init_cfg
        ).init_weights()


def test_a_file_that_is_no_dict(tmp_path):
    torch.save(torch.rand(3), tmp_path / 'tensor.pth')
    init_cfg = dict(type='PretrainedResNet', checkpoint=str(tmp_path / 'tensor.pth'))
    with pytest.raises(UserError, match=r'tensor\.pth'):
        DAUNetEncoder(50, **WIDTH, init_cfg=init_cfg).init_weights()
