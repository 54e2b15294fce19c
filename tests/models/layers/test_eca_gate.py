import pytest
import torch

from mmpose_ext.models.layers import ECAGate
from mmpose_ext.models.layers.eca_gate import eca_kernel_size


def test_kernel_sizes_of_equation_5():
    sizes = [eca_kernel_size(channels) for channels in (8, 16, 32, 64, 128, 256)]
    assert sizes == [3, 3, 3, 3, 5, 5]
    assert [ECAGate(c).conv.kernel_size for c in (64, 128)] == [(3,), (5,)]


def test_by_hand():
    gate = ECAGate(4, kernel_size=3)
    with torch.no_grad():
        gate.conv.weight.copy_(torch.tensor([[[1.0, 10.0, 100.0]]]))
    pooled = torch.tensor([[1.0, 2.0, 3.0, 4.0]]) / 1000
    # Neighbors below and above, zeros outside.
    expected = torch.tensor([[210.0, 321.0, 432.0, 43.0]]) / 1000
    torch.testing.assert_close(gate(pooled), expected.sigmoid())


@pytest.mark.parametrize('kernel_size', [1, 3, 5, 7])
def test_each_sample_of_a_batch_has_a_weight_for_each_channel(kernel_size):
    gate, pooled = ECAGate(6, kernel_size), torch.randn(4, 6)
    found = gate(pooled)
    torch.testing.assert_close(found, torch.cat([gate(row[None]) for row in pooled]))
    assert found.shape == (4, 6)


def test_hard_is_the_hard_sigmoid():
    gate = ECAGate(3, kernel_size=1, hard=True)
    torch.nn.init.ones_(gate.conv.weight)
    out = gate(torch.tensor([[-4.0, 0.6, 4.0]]))
    torch.testing.assert_close(out, torch.tensor([[0.0, 0.6, 1.0]]))


def test_bad_values():
    with pytest.raises(ValueError, match='ECAGate: kernel_size=4 must be odd.*3 or 5'):
        ECAGate(32, kernel_size=4)
    with pytest.raises(ValueError, match='ECAGate: channels=0'):
        ECAGate(0)
