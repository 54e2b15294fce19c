"""Bad values of every argument of every class that mmpose_ext registers in MODELS."""

import ast
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


KINDS = ['Conv1d', 'Conv2d', 'Linear']


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


NOT_ON_MAPS = dict(
    norm_cfg=(
        *(dict(type=t) for t in ('BN1d', 'BN3d', 'IN1d', 'LN', 'ReLU', 'Conv2d', 'GN')),
        *(dict(type='GN', num_groups=n) for n in (0, -2, '2', 2.0, math.nan, None)),
        *(dict(type='BN', eps=e) for e in ('small', math.nan, -2)),
        *(dict(type='BN', momentum=m) for m in ('slow', math.nan, -0.1, 1.5)),
    ),
    act_cfg=(
        *(dict(type=t) for t in ('BN', 'Conv2d', 'GLU')),
        dict(type='LeakyReLU', negative_slope='steep'),
    ),
    conv_cfg=(*(dict(type=t) for t in ('BN', 'Conv1d', 'Conv3d', 'ReLU', 'deconv')),),
)


@pytest.mark.parametrize('argument', NOT_ON_MAPS)
def test_a_layer_that_does_not_fit_maps_is_a_config_error(argument):
    for name in takes(argument):
        for value in NOT_ON_MAPS[argument]:
            with pytest.raises(ConfigError, match=f': {argument}') as error:
                build(name, **{argument: value})
            assert len(str(error.value).splitlines()) == 1


def test_the_trial_of_a_layer_changes_no_start_of_the_weights():
    for cfg in (None, dict(type='Conv2d')):
        torch.manual_seed(0)
        first = build('CoordAttention', conv_cfg=cfg).conv1.weight
        torch.manual_seed(0)
        torch.testing.assert_close(
            first, torch.nn.Conv2d(16, 8, 1).weight, rtol=0, atol=0
        )


# Networks: tests/models/test_inherited_switches.py
@pytest.mark.parametrize(
    'name',
    [n for n in takes('init_cfg') if 'models.layers' in MODELS.get(n).__module__],
)
def test_init_cfg_reaches_all_weights_of_a_layer(name):
    module = build(name, init_cfg=dict(type='Constant', layer=KINDS, val=0.5))
    module.init_weights()
    for part in module.modules():
        if type(part).__name__ in KINDS:
            assert part.weight.eq(0.5).all()


@pytest.mark.parametrize('name', takes('norm_cfg'))
def test_unfit_groups_of_a_group_norm_are_a_config_error(name):
    with pytest.raises(ConfigError, match='choose num_groups from') as error:
        build(name, norm_cfg=dict(type='GN', num_groups=7))
    assert f"{name}: norm_cfg={{'type': 'GN', 'num_groups': 7}}" in str(error.value)
    fitting = ast.literal_eval(str(error.value).rsplit('from ', 1)[1])
    module = build(name, norm_cfg=dict(type='GN', num_groups=fitting[-1]))
    assert not [m for m in module.modules() if isinstance(m, _BatchNorm)]
    layers = [m for m in build(name).modules() if isinstance(m, _BatchNorm)]
    widths = {layer.num_features for layer in layers}
    common = math.gcd(*widths)
    assert fitting == [n for n in range(1, common + 1) if common % n == 0]
    assert str(sorted(widths)) in str(error.value)


def test_groups_that_a_layer_gets_another_way():
    unfit = dict(type='GN', num_groups=3)
    with pytest.raises(
        ConfigError, match=r'CoordAttention: .*\[16\].*\[1, 2, 4, 8, 16\]'
    ):
        MODELS.get('CoordAttention')(16, 1, 8, False, None, unfit)
    with pytest.raises(ConfigError, match='FortifiedHourglass: block_cfg'):
        build('FortifiedHourglass', block_cfg=dict(norm_cfg=unfit))
    with pytest.raises(ConfigError, match='residual'):  # another argument is at fault
        build('CoordAttention', norm_cfg=dict(type='GN', num_groups=8), residual=3)


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
