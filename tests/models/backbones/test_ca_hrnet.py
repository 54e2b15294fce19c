from pathlib import Path

import pytest
import torch
from calibrated import calibrate
from mmengine.config import Config
from mmpose.models.backbones.hrnet import HRNet
from mmpose.models.backbones.resnet import BasicBlock

from mmpose_ext.models.backbones.ca_hrnet import CAHRNet, CBasicBlock
from mmpose_ext.models.backbones.sdhrnet import make_extra
from mmpose_ext.models.layers import CoordAttention
from mmpose_ext.testing import (
    build_from_config,
    count_parameters,
    fake_batch,
    parameters_without_gradient,
)

CONFIGS = Path(__file__).resolve().parents[3] / 'configs' / 'ca_hrnet'
MAIN = CONFIGS / 'td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'
SMALL = CONFIGS / 'small' / 'td-hm_ca-hrnet-w8_1xb32-8e_lspet-128x128.py'


def evaluating(net):
    net.eval()  # HRNet.train() returns None: not to be chained
    return net


@pytest.fixture
def extra():
    return Config.fromfile(str(SMALL)).model.backbone.extra


@pytest.mark.parametrize(
    ('attention', 'parameters'),
    [
        (dict(type='CoordAttention', reduction=32), 28_791_537),
        (dict(type='CoordAttention', reduction=16), 28_865_553),
        (dict(type='CoordAttention', reduction=8), 29_100_273),
        (dict(type='Identity'), 28_536_113),
    ],
)
def test_parameters_of_the_reading(attention, parameters):
    model = build_from_config(MAIN, model__backbone__attention=attention)
    assert count_parameters(model) == parameters


def test_all_104_basic_blocks_and_no_bottleneck():
    backbone = build_from_config(MAIN).backbone
    blocks = [m for m in backbone.modules() if isinstance(m, BasicBlock)]
    assert len(blocks) == 104
    assert all(type(block) is CBasicBlock for block in blocks)


def test_hrnet_weights_load_with_only_ca_keys_missing(extra):
    state = HRNet(extra).state_dict()
    missing, unexpected = CAHRNet(extra).load_state_dict(state, strict=False)
    assert not unexpected
    assert missing
    assert all('.ca.' in name for name in missing)


def test_off_is_hrnet(extra):
    plain = evaluating(HRNet(extra))
    off = evaluating(CAHRNet(extra, attention=dict(type='Identity')))
    off.load_state_dict(plain.state_dict(), strict=True)
    x = torch.randn(1, 3, 64, 64)
    torch.testing.assert_close(off(x)[0], plain(x)[0])


def test_the_switch_changes_the_output(extra):
    plain = evaluating(HRNet(extra))
    on = evaluating(CAHRNet(extra))
    on.load_state_dict(plain.state_dict(), strict=False)
    x = torch.randn(1, 3, 64, 64)
    assert not torch.allclose(on(x)[0], plain(x)[0])


def test_block_by_hand():
    # With the attention at a constant 1/4 the block is relu(branch / 4 + x).
    torch.manual_seed(0)
    block = CBasicBlock(8, 8).eval()
    for conv in (block.ca.conv_h, block.ca.conv_w):
        torch.nn.init.zeros_(conv.weight)
        torch.nn.init.zeros_(conv.bias)
    x = torch.randn(2, 8, 5, 5)
    branch = block.norm2(block.conv2(block.norm1(block.conv1(x)).relu()))
    torch.testing.assert_close(block(x), (branch / 4 + x).relu())


def test_the_attention_stands_behind_the_second_norm():
    torch.manual_seed(0)
    block = calibrate(CBasicBlock(8, 8))
    x = torch.randn(2, 8, 6, 5)
    branch = block.norm1(block.conv1(x)).relu()
    branch = block.ca(block.norm2(block.conv2(branch)))
    torch.testing.assert_close(block(x), (branch + x).relu())


def test_a_reduction_of_32_by_default():
    # The paper gives none; below 257 channels the least width of 8 hides it.
    wide = CBasicBlock(1024, 1024).ca.conv1.out_channels
    assert wide == CoordAttention(1024).conv1.out_channels == 32
    extra = make_extra(32, (1, 4, 3), 4, (4, 64), block='BASIC')
    with torch.device('meta'):
        net = CAHRNet(extra)
    layers = [m for m in net.modules() if isinstance(m, CoordAttention)]
    added = sum(count_parameters(layer) for layer in layers)
    assert (len(layers), added) == (104, 28_791_537 - 28_536_113)


def test_checkpointing_changes_nothing(extra):
    torch.manual_seed(0)
    one = CAHRNet(extra)
    two = CAHRNet(extra, with_cp=True)
    two.load_state_dict(one.state_dict())
    x = torch.randn(2, 3, 64, 64)
    for net in (one, two):
        net(x)[0].square().sum().backward()
    name = 'stage2.0.branches.0.1.conv1.weight'
    torch.testing.assert_close(
        one.get_parameter(name).grad, two.get_parameter(name).grad
    )


def test_a_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    config = Config.fromfile(str(SMALL))
    model = build_from_config(config)
    inputs, samples = fake_batch(2, config.codec, num_keypoints=14)
    losses = model.loss(inputs, samples)
    losses['loss_kpt'].backward()
    # Only the highest resolution is used, so HRNet's last fusion rows are built
    # for one output alone, and nothing is left without a gradient.
    assert parameters_without_gradient(model) == []


def test_a_bad_attention_names_class_argument_value_and_choices(extra):
    with pytest.raises(ValueError, match=r"CBasicBlock: attention=.*'CA'.*Identity"):
        CAHRNet(extra, attention=dict(type='CA'))
    with pytest.raises(ValueError, match='CoordAttention: reduction=0'):
        CAHRNet(extra, attention=dict(type='CoordAttention', reduction=0))
