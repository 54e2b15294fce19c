import pytest
import torch

from mmpose_ext.models.layers import FCGate


def test_by_hand():
    gate = FCGate(4, reduction=2)
    with torch.no_grad():
        gate.fc1.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, -1.0, 0, 0]]))
        gate.fc1.bias.zero_()
        gate.fc2.weight.copy_(torch.tensor([[2.0, 0], [0, 1.0], [0, 0], [-1.0, 0]]))
        gate.fc2.bias.copy_(torch.tensor([0.0, 0.0, 1.0, 0.0]))
    # Hidden units: relu(3) = 3 and relu(-5) = 0.
    out = gate(torch.tensor([[3.0, 5.0, 7.0, 9.0]]))
    expected = torch.tensor([[6.0, 0.0, 1.0, -3.0]]).sigmoid()
    torch.testing.assert_close(out, expected)


@pytest.mark.parametrize('channels', [32, 64, 128, 256])
def test_weights_of_equation_10_and_biases(channels):
    gate = FCGate(channels)
    parts = {name: p.numel() for name, p in gate.named_parameters()}
    hidden = channels // 4
    assert parts['fc1.weight'] + parts['fc2.weight'] == 2 * channels * hidden
    assert parts['fc1.bias'] + parts['fc2.bias'] == channels + hidden


def test_one_hidden_unit():
    assert FCGate(4, reduction=4)(torch.rand(2, 4)).shape == (2, 4)


def test_bad_values():
    with pytest.raises(ValueError, match='FCGate: reduction=0'):
        FCGate(8, 0)
    with pytest.raises(ValueError, match='FCGate: reduction=4 .*channels=2.*1 to 2'):
        FCGate(2)
