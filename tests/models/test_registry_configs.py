"""Bad values of every argument of every class that mmpose_ext registers in MODELS."""

import copy
import math

import pytest
import torch
from mmcv.cnn.bricks.swish import Swish
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from registry_cases import CASES, build, call, registered
from torch.nn.modules.batchnorm import _BatchNorm

from mmpose_ext.models.utils.build import signature_of
from mmpose_ext.utils import ConfigError

NAMES = registered()
BAD = (
    '8', '', 'Nope', -3, 0, 1.5, math.nan, math.inf, True, None, (), [0], (4, -4),
    ('a', 'b'), {}, dict(type='Nope'), dict(type='BN', wrong=1), dict(bogus=2), object,
)  # fmt: skip


@pytest.fixture(autouse=True)
def default_scope():
    init_default_scope('mmpose')


def arguments(name):
    known, _ = signature_of(MODELS.get(name))
    return [a for a in known or () if a not in ('downsample', 'data_preprocessor')]


def problem(name, argument, value):
    """What a bad value ends in, unless a ConfigError or a module that works."""
    try:
        module = build(name, **{argument: value})
        module.eval()
        with torch.no_grad():
            call(name, module, copy.deepcopy(CASES[name].inputs()))
    except ConfigError as error:
        lines = len(str(error).splitlines())
        return None if lines == 1 else f'{argument}={value!r}: {lines} lines'
    except Exception as error:
        kind = type(error).__name__
        return f'{argument}={value!r}: {kind}: {str(error).splitlines()[:1]}'
    return None


@pytest.mark.parametrize('name', [n for n in NAMES if arguments(n)])
def test_a_bad_value_is_a_config_error_or_works(name):
    torch.manual_seed(0)
    found = [problem(name, a, v) for a in arguments(name) for v in BAD]
    assert [text for text in found if text] == []


def takes(argument):
    return [name for name in NAMES if argument in arguments(name)]


@pytest.mark.parametrize('name', takes('norm_cfg'))
def test_the_norm_reaches_every_part(name):
    module = build(name, norm_cfg=dict(type='SyncBN'))
    plain = [
        n
        for n, layer in module.named_modules()
        if isinstance(layer, _BatchNorm)
        and not isinstance(layer, torch.nn.SyncBatchNorm)
    ]
    assert plain == []
    assert any(isinstance(m, torch.nn.SyncBatchNorm) for m in module.modules())


@pytest.mark.parametrize('name', takes('conv_cfg'))
def test_the_convolution_reaches_every_part(name):
    class Marked(torch.nn.Conv2d):
        pass

    MODELS.register_module('MarkedConv', module=Marked, force=True)
    try:
        module = build(name, conv_cfg=dict(type='MarkedConv'))
    finally:
        MODELS.module_dict.pop('MarkedConv')
    plain = [n for n, m in module.named_modules() if type(m) is torch.nn.Conv2d]
    assert plain == []


@pytest.mark.parametrize('name', takes('act_cfg'))
def test_the_activation_reaches_every_part(name):
    first = torch.nn.SiLU, torch.nn.Hardswish, torch.nn.ReLU, Swish
    default = [type(m) for m in build(name).modules() if isinstance(m, first)]
    module = build(name, act_cfg=dict(type='Tanh'))
    assert any(isinstance(m, torch.nn.Tanh) for m in module.modules())
    assert sum(isinstance(m, first) for m in module.modules()) < len(default)
