import pytest
import torch
import torch.nn.functional as F
from calibrated import calibrate
from mmpose.models.backbones.resnet import BasicBlock

from mmpose_ext.models.layers import RFM
from mmpose_ext.testing import count_parameters, parameters_without_gradient


def test_equation_1_by_hand():
    block = RFM(1, 1, rate=2, se_ratio=1).eval()
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.zero_()
        for norm in (block.norm1, block.norm2, block.dilated_norm):
            norm.weight.fill_(1)
            norm.eps = 1e-30
        # The two kernels of the plain branch stay 0; of the dilated one, the corners
        # are 1: the pixels two away along both diagonals.
        block.dilated_conv.weight[0, 0, ::2, ::2] = 1
        x = torch.arange(25.0).view(1, 1, 5, 5)
        out = block(x)
    # SE's gate is sigmoid(0) = 1/2; the corners sum to 0 + 4 + 20 + 24 at the center.
    assert out[0, 0, 2, 2] == 12 + 48 / 2
    # At a corner only one of the four is inside.
    assert out[0, 0, 0, 0] == 0 + 12 / 2


@pytest.mark.parametrize('stride', [1, 2])
def test_equation_1_with_trained_norms(stride):
    torch.manual_seed(0)
    down = torch.nn.Conv2d(16, 32, 1, stride=stride, bias=False)
    block = calibrate(RFM(16, 32, stride=stride, downsample=down))
    x = torch.randn(2, 16, 9, 7)
    branch = block.norm1(block.conv1(x)).relu()
    weight = block.dilated_conv.weight
    # Two apart by default: the paper gives no rate.
    far = F.conv2d(x, weight, stride=stride, padding=2, dilation=2)
    branch = block.se(block.norm2(block.conv2(branch)) + block.dilated_norm(far))
    torch.testing.assert_close(block(x), (branch + down(x)).relu())
    assert block.se.conv1.conv.out_channels == 32 // 16


def test_without_the_dilated_branch_and_gate_it_is_a_basic_block():
    torch.manual_seed(0)
    block, plain = RFM(16, 16).eval(), BasicBlock(16, 16).eval()
    missing = plain.load_state_dict(block.state_dict(), strict=False).missing_keys
    assert not missing
    with torch.no_grad():
        block.dilated_norm.weight.zero_()
        block.dilated_norm.bias.zero_()
        block.se.conv2.conv.weight.zero_()
        block.se.conv2.conv.bias.fill_(100.0)  # a gate of 1
        x = torch.randn(2, 16, 7, 5)
        torch.testing.assert_close(block(x), plain(x))


def test_parameters():
    # BasicBlock, a third 3x3 with its norm, two 1x1 of SE with biases.
    extra = count_parameters(RFM(64, 64)) - count_parameters(BasicBlock(64, 64))
    assert extra == 64 * 64 * 9 + 2 * 64 + (64 * 4 + 4) + (4 * 64 + 64)


@pytest.mark.parametrize('with_cp', [False, True])
def test_training_reaches_everything_at_any_stride(with_cp):
    torch.manual_seed(0)
    down = torch.nn.Conv2d(16, 32, 1, stride=2, bias=False)
    block = RFM(16, 32, stride=2, downsample=down, with_cp=with_cp)
    x = torch.randn(2, 16, 8, 6, requires_grad=True)
    out = block(x)
    assert out.shape == (2, 32, 4, 3)
    out.square().sum().backward()
    assert parameters_without_gradient(block) == []


def test_the_rate_changes_the_output():
    x = torch.randn(1, 16, 9, 9)
    outs = []
    for rate in (1, 2):
        torch.manual_seed(0)
        outs.append(RFM(16, 16, rate=rate)(x))
    assert not torch.equal(*outs)


def test_the_one_form_of_basic_block_may_be_written():
    block = RFM(16, 16, expansion=1, style='pytorch')
    assert block.state_dict().keys() == RFM(16, 16).state_dict().keys()


def test_se_squeezes_to_a_sixteenth_by_default():
    assert RFM(240, 240).se.conv1.conv.out_channels == 15


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(rate=0), 'RFM: rate=0'),
        (dict(se_ratio=-1), 'RFM: se_ratio=-1'),
        (dict(se_ratio=32), 'se_ratio=32 leaves no channel of out_channels=16'),
        (dict(expansion=2), 'RFM: expansion=2 is not supported.* 1'),
        (dict(expansion=0), 'RFM: expansion=0'),
        (dict(style='caffe'), "RFM: style='caffe' is not supported.*'pytorch'"),
    ],
)
def test_bad_numbers(options, message):
    with pytest.raises(ValueError, match=message):
        RFM(16, 16, **options)
