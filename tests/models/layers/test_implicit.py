import pytest
import torch

from mmpose_ext.models.layers.implicit import ImplicitAdd, ImplicitMultiply

X = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])


def with_values(layer):
    with torch.no_grad():
        layer.implicit.copy_(torch.tensor([10.0, -1.0]).view(1, 2, 1, 1))
    return layer


def test_add_by_hand():
    out = with_values(ImplicitAdd(2))(X)
    torch.testing.assert_close(out, torch.tensor([[[[11.0, 12.0]], [[2.0, 3.0]]]]))


def test_multiply_by_hand():
    out = with_values(ImplicitMultiply(2))(X)
    torch.testing.assert_close(out, torch.tensor([[[[10.0, 20.0]], [[-3.0, -4.0]]]]))


@pytest.mark.parametrize(('kind', 'mean'), [(ImplicitAdd, 0), (ImplicitMultiply, 1)])
def test_it_starts_near_the_identity(kind, mean):
    torch.manual_seed(0)
    layer = kind(2000)
    assert layer.implicit.mean().item() == pytest.approx(mean, abs=2e-3)
    assert layer.implicit.std().item() == pytest.approx(0.02, rel=0.1)
    x = torch.randn(1, 2000, 2, 2)
    torch.testing.assert_close(kind(2000, std=0.0)(x), x, rtol=0, atol=0)


def test_gradients_by_hand():
    add, multiply = ImplicitAdd(2), ImplicitMultiply(2)
    add(X).sum().backward()
    multiply(X).sum().backward()
    assert add.implicit.grad.flatten().tolist() == [2, 2]  # pixels
    assert multiply.implicit.grad.flatten().tolist() == [3, 7]  # sums of x


@pytest.mark.parametrize('kind', [ImplicitAdd, ImplicitMultiply])
def test_bad_channels(kind):
    with pytest.raises(ValueError, match=f'{kind.__name__}: in_channels=0'):
        kind(0)


@pytest.mark.parametrize('kind', [ImplicitAdd, ImplicitMultiply])
def test_a_negative_spread_is_refused(kind):
    with pytest.raises(ValueError, match=f'{kind.__name__}: std=-0.02'):
        kind(2, std=-0.02)
