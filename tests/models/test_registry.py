"""One test of every class that mmpose_ext registers in MODELS."""

import copy

import pytest
import torch
from mmengine.registry import init_default_scope
from registry_cases import CASES, build, call, registered
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from mmpose_ext.testing import parameters_without_gradient

NAMES = registered()


@pytest.fixture(autouse=True)
def default_scope():
    init_default_scope('mmpose')


def case(name):
    """A built module and its inputs; says what to add for a new class."""
    if name not in CASES:
        pytest.fail(
            f'{name} is registered in MODELS and has no case: add a small config and '
            f'its inputs under {name!r} to CASES in tests/models/registry_cases.py'
        )
    torch.manual_seed(0)
    module = build(name)
    CASES[name].prepare(module)
    return module, CASES[name].inputs()


def results(name, module, inputs):
    return call(name, copy.deepcopy(module), copy.deepcopy(inputs))


def test_no_case_is_left_over():
    assert set(CASES) <= set(NAMES)
    assert len(NAMES) > 35


@pytest.mark.parametrize('name', NAMES)
def test_builds_on_meta_with_the_same_tensors(name):
    module, _ = case(name)
    with torch.device('meta'):
        empty = build(name)
    assert [(n, p.shape) for n, p in empty.named_parameters()] == [
        (n, p.shape) for n, p in module.named_parameters()
    ]
    assert all(p.is_meta for p in empty.parameters())


@pytest.mark.parametrize('name', NAMES)
def test_every_parameter_gets_a_gradient(name):
    module, inputs = case(name)
    module.train()
    total = torch.zeros(())
    for tensor in call(name, module, inputs):
        assert tensor.isfinite().all()
        total = total + (tensor * torch.randn(tensor.shape)).sum()
    if not list(module.parameters()):
        return
    total.backward()
    missing = parameters_without_gradient(module)
    assert [n for n in missing if not n.endswith(CASES[name].idle or '\0')] == []


@pytest.mark.parametrize('name', NAMES)
def test_train_and_eval_differ_exactly_where_there_is_batch_norm(name):
    module, inputs = case(name)
    torch.manual_seed(1)
    for layer in module.modules():
        if isinstance(layer, _BatchNorm):
            nn.init.normal_(layer.running_mean)
    trained = results(name, module.train(), inputs)
    tested = results(name, module.eval(), inputs)
    has_norm = any(isinstance(layer, _BatchNorm) for layer in module.modules())
    same = all(torch.equal(a, b) for a, b in zip(trained, tested, strict=True))
    assert same != has_norm


@pytest.mark.parametrize('name', NAMES)
def test_bfloat16_autocast_stays_close(name):
    module, inputs = case(name)
    module.eval()
    exact = results(name, module, inputs)
    with torch.autocast('cpu', torch.bfloat16):
        rounded = results(name, module, inputs)
    for a, b in zip(exact, rounded, strict=True):
        assert b.isfinite().all()
        assert (a - b.float()).norm() <= 0.15 * a.norm() + 1e-3


@pytest.mark.parametrize('name', NAMES)
def test_state_dict_round_trip(name):
    module, inputs = case(name)
    for tensor in module.state_dict().values():
        if tensor.is_floating_point() and tensor.dim():
            tensor.add_(0.01)
    torch.manual_seed(2)
    other = build(name)
    other.load_state_dict(module.state_dict(), strict=True)
    expected = results(name, module.eval(), inputs)
    found = results(name, other.eval(), inputs)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)
