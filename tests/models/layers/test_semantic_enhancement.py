import torch

from mmpose_ext.models.layers import SemanticEnhancement
from mmpose_ext.testing import count_parameters


def test_parameters_of_the_reading():
    # 1x1 convolutions with bias, gamma, and a kernel of five.
    expected = 2 * (256 * 32 + 32) + 256 * 256 + 256 + 1 + 5
    assert count_parameters(SemanticEnhancement(256)) == expected == 82246


def test_both_branches_at_their_limits():
    layer = SemanticEnhancement(16, kernel_size=3)
    x = torch.rand(2, 16, 4, 3)
    # gamma = 0: the spatial branch is an identity. A gate of 0, 1/2 and 1.
    for weight, gate in ((-1e6, 0.0), (0.0, 0.5), (1e6, 1.0)):
        torch.nn.init.constant_(layer.channel.conv.weight, weight)
        torch.testing.assert_close(layer(x), x * gate + x)


def test_the_gate_is_the_hard_sigmoid():
    layer = SemanticEnhancement(8, kernel_size=1)
    torch.nn.init.ones_(layer.channel.conv.weight)
    for mean in (-1.5, 0.6, 2.4):
        x = torch.full((1, 8, 2, 2), mean)
        # (x + 3) / 6; the sigmoid of 0.6 is 0.646, of 2.4 0.917.
        torch.testing.assert_close(layer(x), x * (mean + 3) / 6 + x)


def test_the_spatial_branch_counts():
    torch.manual_seed(0)
    layer = SemanticEnhancement(16)
    x = torch.rand(2, 16, 4, 3)
    before = layer(x)
    torch.nn.init.ones_(layer.spatial.gamma.scale)
    moved = layer.spatial(x) - x
    torch.testing.assert_close(layer(x), before + moved)
    assert moved.abs().max() > 0
