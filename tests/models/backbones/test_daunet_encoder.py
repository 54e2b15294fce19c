import pytest
import torch
from calibrated import calibrate
from mmpose.models.backbones.resnet import Bottleneck, ResNet

from mmpose_ext.models.backbones.daunet_encoder import DAUNetEncoder, IBNBottleneck
from mmpose_ext.testing import parameters_without_gradient

SMALL = dict(depth=26, base_channels=16, stem_channels=16)


def evaluating(net):
    net.eval()  # ResNet.train() returns None: not to be chained
    return net


def test_strides_and_widths():
    maps = DAUNetEncoder(**SMALL)(torch.randn(1, 3, 64, 96))
    shapes = [tuple(m.shape[1:]) for m in maps]
    assert shapes == [(64, 16, 24), (128, 8, 12), (256, 4, 6), (512, 2, 3)]


def test_all_16_blocks_of_depth_50():
    encoder = DAUNetEncoder(50, base_channels=4, stem_channels=4)
    blocks = [m for m in encoder.modules() if isinstance(m, Bottleneck)]
    assert [type(b) for b in blocks] == [IBNBottleneck] * 16
    assert [b.stride for b in blocks if b.stride > 1] == [2, 2, 2]


def test_off_is_the_resnet_of_mmpose():
    width = dict(base_channels=8, stem_channels=8, out_indices=(0, 1, 2, 3))
    plain = evaluating(ResNet(50, avg_down=True, **width))
    off = evaluating(DAUNetEncoder(50, block='Bottleneck', **width))
    off.load_state_dict(plain.state_dict(), strict=True)
    x = torch.randn(1, 3, 64, 64)
    torch.testing.assert_close(off(x), plain(x))


def test_the_switch_changes_the_output():
    torch.manual_seed(0)
    on, off = DAUNetEncoder(**SMALL), DAUNetEncoder(**SMALL, block='Bottleneck')
    kept = {
        k: v for k, v in on.state_dict().items() if '.conv2.' not in k
    }  # the partial convolution has a smaller weight
    off.load_state_dict(kept, strict=False)
    x = torch.randn(1, 3, 64, 64)
    for encoder in (on, off):
        for module in encoder.modules():
            if isinstance(module, Bottleneck):
                torch.nn.init.ones_(module.norm3.weight)
    assert not torch.allclose(evaluating(on)(x)[-1], evaluating(off)(x)[-1])


@pytest.mark.parametrize('stride', [1, 2])
def test_block_by_hand(stride):
    torch.manual_seed(0)
    shortcut = None if stride == 1 else torch.nn.AvgPool2d(2)
    block = calibrate(IBNBottleneck(32, 32, stride=stride, downsample=shortcut))
    x = torch.randn(2, 32, 8, 6)
    out = block.norm1(block.conv1(x)).relu()
    first = torch.nn.functional.conv2d(out[:, :2], block.conv2.conv.weight, padding=1)
    out = block.norm2(torch.cat((first, out[:, 2:]), 1)).relu()
    out = block.strip_pool(out)
    if stride == 2:
        out = torch.nn.functional.avg_pool2d(out, 2)
        expected = block.norm3(block.conv3(out)) + shortcut(x)
    else:
        expected = block.norm3(block.conv3(out)) + x
    torch.testing.assert_close(block(x), expected.relu())


def test_checkpointing_changes_nothing():
    x = torch.randn(2, 32, 8, 6, requires_grad=True)
    plain, saving = IBNBottleneck(32, 32), IBNBottleneck(32, 32, with_cp=True)
    saving.load_state_dict(plain.state_dict())
    outputs = [block(x) for block in (plain, saving)]
    torch.testing.assert_close(*outputs)
    gradients = [torch.autograd.grad(out.square().sum(), x)[0] for out in outputs]
    torch.testing.assert_close(*gradients)


def test_every_parameter_learns():
    encoder = DAUNetEncoder(**SMALL)
    maps = encoder(torch.randn(2, 3, 64, 64))
    sum(m.square().mean() for m in maps).backward()
    assert parameters_without_gradient(encoder) == []


def test_a_fresh_encoder_starts_its_branches_at_zero():
    encoder = DAUNetEncoder(**SMALL)
    encoder.init_weights()
    blocks = [m for m in encoder.modules() if isinstance(m, Bottleneck)]
    assert len(blocks) == 8
    assert not any(block.norm3.weight.any() for block in blocks)


@pytest.mark.parametrize('size', [(100, 64), (64, 48)])
def test_sides_that_32_does_not_divide(size):
    height, width = size
    with pytest.raises(
        ValueError, match=rf'DAUNetEncoder: .*\({width}, {height}\).*multiples of 32'
    ):
        DAUNetEncoder(**SMALL)(torch.randn(1, 3, *size))


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (
            dict(depth=18),
            'depth=18 is unknown; choose from 26, 50, 101, 152',
        ),
        (
            dict(block='IBN'),
            "block='IBN' is unknown; .*'IBNBottleneck', 'Bottleneck'",
        ),
        (dict(base_channels=6), 'PartialConv: in_channels=6 .*divisor=4'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        DAUNetEncoder(**kwargs)
