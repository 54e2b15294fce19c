import pytest
import torch

from mmpose_ext.models.layers import ECAGate, FCGate, channel_reweight
from mmpose_ext.models.layers.channel_reweight import reweight_channels


def reference(first, second, gate, identity):
    """The equations as they stand."""
    whole = torch.cat((first, second), dim=1)
    out = gate(whole.mean(dim=(2, 3)))[:, :, None, None] * whole
    return out if identity is None else out + identity


@pytest.fixture(params=[FCGate, ECAGate])
def gate(request):
    torch.manual_seed(0)
    return request.param(8).double()


@pytest.fixture(params=[False, True], ids=['alone', 'residual'])
def maps(request):
    torch.manual_seed(1)
    shapes = [(2, 4, 5, 3), (2, 4, 5, 3), (2, 8, 5, 3)]
    parts = [torch.randn(s, dtype=torch.double, requires_grad=True) for s in shapes]
    return parts if request.param else [*parts[:2], None]


@pytest.mark.parametrize('large', [0, 10**9], ids=['written out', 'autograd'])
def test_values_and_gradients_are_those_of_the_equations(
    gate, maps, large, monkeypatch
):
    monkeypatch.setattr(channel_reweight, 'LARGE_MAP', large)
    first, second, identity = maps
    inputs = [x for x in maps if x is not None] + list(gate.parameters())
    expected = reference(first, second, gate, identity)
    out = reweight_channels(first, second, gate, identity)
    torch.testing.assert_close(out, expected)
    direction = torch.randn_like(expected)
    for got, want in zip(
        torch.autograd.grad(out, inputs, direction),
        torch.autograd.grad(expected, inputs, direction),
        strict=True,
    ):
        torch.testing.assert_close(got, want)


def test_inference_is_the_same_and_changes_no_input(gate, maps):
    first, second, identity = maps
    before = [None if x is None else x.detach().clone() for x in maps]
    with torch.no_grad():
        out = reweight_channels(first, second, gate, identity)
    torch.testing.assert_close(out, reference(first, second, gate, identity))
    for now, then in zip(maps, before, strict=True):
        if now is not None:
            torch.testing.assert_close(now.detach(), then)


def test_gradcheck(gate, monkeypatch):
    monkeypatch.setattr(channel_reweight, 'LARGE_MAP', 0)
    torch.manual_seed(2)
    parts = [
        torch.randn(1, 4, 2, 2, dtype=torch.double, requires_grad=True)
        for _ in range(2)
    ]
    assert torch.autograd.gradcheck(lambda a, b: reweight_channels(a, b, gate), parts)


def test_frozen_parameters_get_no_gradient(monkeypatch):
    monkeypatch.setattr(channel_reweight, 'LARGE_MAP', 0)
    gate = FCGate(8)
    gate.fc1.weight.requires_grad_(False)
    x = torch.randn(2, 4, 3, 3, requires_grad=True)
    reweight_channels(x, x, gate).sum().backward()
    assert gate.fc1.weight.grad is None
    assert gate.fc2.weight.grad is not None
    assert x.grad is not None


@pytest.mark.parametrize('large', [0, 10**9])
def test_mixed_precision(large, monkeypatch):
    monkeypatch.setattr(channel_reweight, 'LARGE_MAP', large)
    torch.manual_seed(0)
    gate = FCGate(8)
    x = torch.randn(2, 4, 6, 6, requires_grad=True)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        out = reweight_channels(x, x, gate)
    expected = reference(x, x, gate, None)
    torch.testing.assert_close(out.float(), expected, rtol=0.02, atol=0.02)
    out.float().sum().backward()
    assert x.grad.dtype == torch.float32
    assert gate.fc1.weight.grad.isfinite().all()


def test_a_trace_holds_plain_operators(gate):
    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.gate = gate

        def forward(self, x, y):
            return reweight_channels(x, y, self.gate)

    maps = [torch.randn(1, 4, 3, 3, dtype=torch.double) for _ in range(2)]
    traced = torch.jit.trace(Layer(), maps)
    assert 'PythonOp' not in str(traced.inlined_graph)
    torch.testing.assert_close(traced(*maps), reference(*maps, gate, None))
