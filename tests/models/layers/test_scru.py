import pytest
import torch

from mmpose_ext.models.layers import SCRU
from mmpose_ext.testing import parameters_without_gradient


def test_space_comes_before_channels():
    layer = SCRU(32)
    x = torch.randn(1, 32, 4, 4)
    torch.testing.assert_close(layer(x), layer.cru(layer.sru(x)))
    assert not torch.allclose(layer(x), layer.sru(layer.cru(x)))


def test_arguments_reach_their_unit():
    layer = SCRU(32, sru=dict(groups=4, threshold=0.4), cru=dict(squeeze=4))
    assert layer.sru.norm.num_groups == 4
    assert layer.sru.threshold == 0.4
    assert layer.cru.squeeze_up.out_channels == 4


def test_every_parameter_learns():
    layer = SCRU(32)
    layer(torch.randn(2, 32, 6, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


def test_bad_channels_name_the_unit():
    with pytest.raises(ValueError, match='SRU: in_channels=40 .*groups=16'):
        SCRU(40)
