import math

import torch

from mmpose_ext.models.layers import Identity, LocalAttention


def test_columns_by_hand():
    x = torch.tensor([[[[0.0, 1.0], [math.log(3), 1.0]]]])
    # Along the first column the weights are 1/4 and 3/4, along the second 1/2.
    expected = [[0.0, 0.5], [0.75 * math.log(3), 0.5]]
    torch.testing.assert_close(LocalAttention()(x), torch.tensor([[expected]]))


def test_one_row_passes_unchanged_and_identity_takes_its_place():
    x = torch.randn(2, 3, 1, 5)
    torch.testing.assert_close(LocalAttention()(x), x)
    y = torch.randn(2, 3, 4, 5)
    assert Identity()(y) is y
    assert not torch.equal(LocalAttention()(y), y)
