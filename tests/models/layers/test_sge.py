import pytest
import torch

from mmpose_ext.models.layers import SGE
from mmpose_ext.testing import parameters_without_gradient


def test_by_hand():
    # One group of one channel at two positions, 1 and 3: g = 2, c = (2, 6), whose
    # mean is 4 and whose standard deviation, divided by m, is 2: c^ = (-1, 1).
    layer = SGE(1, groups=1, eps=0.0)
    torch.nn.init.constant_(layer.gamma, 0.5)
    torch.nn.init.constant_(layer.beta, 0.25)
    x = torch.tensor([[[[1.0, 3.0]]]])
    gate = torch.tensor([[[[-0.25, 0.75]]]]).sigmoid()
    torch.testing.assert_close(layer(x), x * gate)


def test_groups_do_not_see_each_other():
    layer = SGE(8, groups=4)
    torch.nn.init.uniform_(layer.gamma, 0.5, 1)
    x = torch.randn(1, 8, 4, 4)
    other = x.clone()
    other[:, 2:4] += torch.randn(1, 2, 4, 4)
    changed = (layer(x) != layer(other)).flatten(2).any(2)[0]
    assert changed.tolist() == [False] * 2 + [True] * 2 + [False] * 4


def test_samples_do_not_see_each_other():
    layer = SGE(8, groups=4)
    torch.nn.init.uniform_(layer.gamma, 0.5, 1)
    x = torch.randn(3, 8, 4, 4)
    alone = torch.cat([layer(sample[None]) for sample in x])
    torch.testing.assert_close(layer(x), alone)


def test_at_the_start_the_gate_is_flat():
    x = torch.randn(2, 64, 3, 4)
    torch.testing.assert_close(SGE(64)(x), x * torch.tensor(1.0).sigmoid())


def test_eps_is_added_to_the_deviation():
    layer = SGE(1, groups=1, eps=1.0)
    torch.nn.init.ones_(layer.gamma)
    x = torch.tensor([[[[1.0, 3.0]]]])  # as above: (-2, 2) / (2 + 1)
    gate = (1 + torch.tensor([[[[-2.0, 2.0]]]]) / 3).sigmoid()
    torch.testing.assert_close(layer(x), x * gate)


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    """The products of inputs of 100 are beyond the range of float16."""
    torch.manual_seed(0)
    layer = SGE(64, groups=4)
    torch.nn.init.uniform_(layer.gamma, 0.5, 1)
    x = (100 + 20 * torch.randn(1, 64, 4, 4)).to(dtype)
    out = layer(x)
    assert out.dtype == dtype
    torch.testing.assert_close(out.float(), layer(x.float()), rtol=1e-2, atol=0)


def test_double_precision_stays():
    torch.manual_seed(0)
    layer = SGE(8, groups=4).double()
    torch.nn.init.uniform_(layer.gamma, 0.5, 1)
    x = torch.randn(1, 8, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, x)


@pytest.mark.parametrize('value', [0.0, 2.0])
def test_a_constant_group_keeps_finite_gradients(value):
    layer = SGE(4, groups=2)
    torch.nn.init.ones_(layer.gamma)
    x = torch.full((1, 4, 3, 3), value, requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.isfinite().all()
    assert layer.gamma.grad.isfinite().all()


def test_every_parameter_learns_from_the_start():
    layer = SGE(16, groups=8)
    layer(torch.randn(2, 16, 6, 4)).square().sum().backward()
    assert parameters_without_gradient(layer) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (
            dict(in_channels=96),
            r'SGE: in_channels=96 .*groups=64.*1, 2, 3, .*32, 48, 96',
        ),
        (dict(in_channels=64, groups=0), 'SGE: groups=0'),
    ],
)
def test_bad_numbers(kwargs, message):
    with pytest.raises(ValueError, match=message):
        SGE(**kwargs)
