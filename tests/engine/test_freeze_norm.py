from types import SimpleNamespace

import pytest
import torch
from torch import nn

from mmpose_ext.engine.hooks import FreezeNormStatsHook


def run(begin, epochs=4, iters=2):
    """Means of the norm layer after each epoch of a stand-in for the runner."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Dropout())
    runner = SimpleNamespace(model=model, epoch=0)
    hook = FreezeNormStatsHook(begin)
    means = []
    for runner.epoch in range(epochs):
        model.train()
        for index in range(iters):
            hook.before_train_iter(runner, index)
            model(torch.randn(2, 1, 3, 3)).sum().backward()
        means.append(model[1].running_mean.clone())
    return model, means


def test_statistics_stay_from_the_epoch_on():
    model, means = run(begin=2)
    assert not torch.equal(means[0], means[1])
    assert torch.equal(means[1], means[2])
    assert torch.equal(means[2], means[3])
    assert not model[1].training
    # Nothing else is frozen.
    assert model[2].training
    assert model[1].weight.grad is not None


def test_from_the_start_and_never():
    assert not run(begin=0)[1][-1].any()
    means = run(begin=9)[1]
    assert not torch.equal(means[2], means[3])


def test_wrong_epoch():
    with pytest.raises(ValueError, match='FreezeNormStatsHook: begin=-1'):
        FreezeNormStatsHook(begin=-1)
