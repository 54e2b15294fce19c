import pytest
import torch

from mmpose_ext.models.losses import (
    ConstantWeighting,
    ReversedSigmaWeighting,
    SigmaWeighting,
)

SIGMA = torch.tensor([[[0.2, 0.4], [0.1, 0.1]]])


def test_chi_is_the_mean_of_both_axes():
    h1, h2 = SigmaWeighting()(SIGMA)
    torch.testing.assert_close(h2, torch.tensor([[0.3, 0.1]]))
    torch.testing.assert_close(h1, torch.tensor([[0.7, 0.9]]))


def test_reversed_swaps_them():
    h1, h2 = ReversedSigmaWeighting()(SIGMA)
    torch.testing.assert_close(h1, torch.tensor([[0.3, 0.1]]))
    torch.testing.assert_close(h2, torch.tensor([[0.7, 0.9]]))


def test_constants():
    h1, h2 = ConstantWeighting(h1=0.25, h2=2)(SIGMA)
    assert h1.tolist() == [[0.25, 0.25]]
    assert h2.tolist() == [[2, 2]]
    assert [w.tolist() for w in ConstantWeighting()(SIGMA)] == [[[1, 1]]] * 2
    with pytest.raises(ValueError, match='ConstantWeighting: h2=-1'):
        ConstantWeighting(h2=-1)


@pytest.mark.parametrize('kind', [SigmaWeighting, ReversedSigmaWeighting])
def test_only_an_attached_chi_has_a_gradient(kind):
    sigma = SIGMA.clone().requires_grad_()
    assert not any(w.requires_grad for w in kind()(sigma))
    h1, h2 = kind(detach=False)(sigma)
    (2 * h1 + 5 * h2).sum().backward()
    sign = 1 if kind is SigmaWeighting else -1
    torch.testing.assert_close(sigma.grad, torch.full_like(SIGMA, sign * 3 / 2))
