import math

import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from mmpose.registry import PARAM_SCHEDULERS
from torch import nn

from mmpose_ext.engine import WarmupCosineLR
from mmpose_ext.models.layers import ImplicitAdd

SGD = dict(type='SGD', lr=0.01, momentum=0.937, nesterov=True, weight_decay=5e-4)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)
        self.norm = nn.BatchNorm2d(4)
        self.add = ImplicitAdd(4)
        self.last = nn.Conv2d(4, 2, 1, bias=False)


def build(net):
    init_default_scope('mmpose')
    config = ConfigDict(
        dict(
            constructor='BiasGroupsConstructor',
            optimizer=SGD,
            paramwise_cfg=dict(
                norm_decay_mult=0.0,
                bias_decay_mult=0.0,
                bypass_duplicate=True,
                custom_keys={'.implicit': dict(decay_mult=0.0)},
            ),
        )
    )
    return build_optim_wrapper(net, config)


def test_groups():
    net = Net()
    groups = build(net).optimizer.param_groups
    names = {id(p): n for n, p in net.named_parameters()}
    found = {
        (group['is_bias'], group['weight_decay']): sorted(
            names[id(p)]
            for g in groups
            if (g['is_bias'], g['weight_decay'])
            == (group['is_bias'], group['weight_decay'])
            for p in g['params']
        )
        for group in groups
    }
    assert found == {
        (False, 5e-4): ['conv.weight', 'last.weight'],
        (False, 0.0): ['add.implicit', 'norm.weight'],
        (True, 0.0): ['conv.bias', 'norm.bias'],
    }
    assert sum(len(g['params']) for g in groups) == len(names)


def schedule(epochs=10, length=4, **kwargs):
    optim = build(Net())
    options = dict(
        warmup_epochs=3, end=epochs, by_epoch=True, convert_to_iter_based=True
    )
    options.update(kwargs)
    options.pop('convert_to_iter_based')
    scheduler = WarmupCosineLR.build_iter_from_epoch(
        optim, epoch_length=length, **options
    )
    rates = []
    for _ in range(epochs * length):
        groups = optim.optimizer.param_groups
        rates.append(
            tuple(
                next(g['lr'] for g in groups if g['is_bias'] is bias)
                for bias in (False, True)
            )
        )
        optim.optimizer.step()
        scheduler.step()
    return rates


def cosine(epoch, epochs=10):
    return 0.01 * (0.2 + 0.8 * (1 + math.cos(math.pi * epoch / epochs)) / 2)


def test_rates_by_hand():
    rates = schedule()
    # Iteration 0: nothing, and the biases' start.
    assert rates[0] == (0, pytest.approx(0.1))
    # Iteration 6, in epoch 1, half of the warm-up's 12.
    assert rates[6] == (
        pytest.approx(cosine(1) / 2),
        pytest.approx((0.1 + cosine(1)) / 2),
    )
    # From iteration 12, the start of epoch 3, the cosine of the epoch alone.
    for iteration in (12, 15, 16, 20, 39):
        expected = pytest.approx(cosine(iteration // 4))
        assert rates[iteration] == (expected, expected)
    # Half-way: 0.6 of the rate. The last epoch is just above the floor.
    assert rates[20][0] == pytest.approx(0.006)
    assert 0.002 < rates[39][0] < 0.0022


def test_least_length_and_no_warmup():
    assert schedule(min_warmup_iters=24)[12][0] == pytest.approx(cosine(3) / 2)
    assert schedule(warmup_epochs=0)[0] == (pytest.approx(0.01), pytest.approx(0.01))


def test_it_resumes():
    optim = build(Net())
    make = dict(epoch_length=4, end=10, warmup_epochs=3)
    first = WarmupCosineLR.build_iter_from_epoch(optim, **make)
    for _ in range(9):
        optim.optimizer.step()
        first.step()
    second = WarmupCosineLR.build_iter_from_epoch(build(Net()), **make)
    second.load_state_dict(first.state_dict())
    optim.optimizer.step()
    first.step()
    second.optimizer.optimizer.step()
    second.step()
    assert first.get_last_value() == second.get_last_value()


@pytest.mark.parametrize(('least', 'steps'), [(0, 21), (10, 21), (31, 31)])
def test_momentum_of_the_config(least, steps):
    """From .8 to .937 over 3 epochs of 7 iterations, or over more iterations."""
    optim = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.937)
    scheduler = PARAM_SCHEDULERS.get('WarmupMomentum').build_iter_from_epoch(
        optim,
        start_factor=0.8 / 0.937,
        begin=0,
        end=3,
        epoch_length=7,
        min_iters=least,
    )
    found = []
    for _ in range(40):
        found.append(optim.param_groups[0]['momentum'])
        optim.step()
        scheduler.step()
    assert found[0] == pytest.approx(0.8)
    assert found[steps // 2] == pytest.approx((0.8 + 0.937) / 2)
    assert found[steps - 2] < 0.937 - 1e-3
    assert found[steps - 1 :] == pytest.approx([0.937] * (41 - steps))


@pytest.mark.parametrize(
    'wrong', [dict(floor=1.5), dict(bias_start=-1), dict(warmup_epochs=-1)]
)
def test_wrong_numbers(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f'WarmupCosineLR: {name}='):
        schedule(**wrong)


def test_epochs_must_be_converted():
    optim = build(Net())
    with pytest.raises(ValueError, match='convert_to_iter_based=True'):
        WarmupCosineLR(optim, begin=0, end=10, by_epoch=True)
