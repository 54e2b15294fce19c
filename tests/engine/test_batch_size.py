"""The warning about a batch that the learning rate is not for."""

import logging
from types import SimpleNamespace

import pytest
import torch
from mmengine.optim import OptimWrapper
from torch.utils.data import BatchSampler, DataLoader, SequentialSampler

from mmpose_ext.engine.hooks import BatchSizeCheckHook, batch_size


def warnings_of(caplog, batch, scaling, accumulated=1, sampler=False):
    """What the hook logs at the start of a run."""
    data = list(range(64))
    if sampler:
        batches = BatchSampler(SequentialSampler(data), batch, drop_last=False)
        loader = DataLoader(data, batch_sampler=batches)
    else:
        loader = DataLoader(data, batch_size=batch)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    runner = SimpleNamespace(
        auto_scale_lr=scaling,
        train_dataloader=loader,
        optim_wrapper=OptimWrapper(optimizer, accumulative_counts=accumulated),
        logger=logging.getLogger('batch'),
    )
    caplog.clear()
    BatchSizeCheckHook().before_train(runner)
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize('sampler', [False, True])
def test_another_batch_is_one_line_with_the_factor(caplog, sampler):
    (line,) = warnings_of(caplog, 32, dict(base_batch_size=128), sampler=sampler)
    assert line == (
        'The learning rate is for a total batch of 128, but this run trains with 32 '
        '(32 on each of 1 processes); --auto-scale-lr multiplies the rate by 0.25'
    )


def test_processes_and_accumulated_steps_count(caplog, monkeypatch):
    base = dict(base_batch_size=128)
    assert warnings_of(caplog, 32, base, accumulated=4) == []
    (line,) = warnings_of(caplog, 32, base, accumulated=2)
    assert 'trains with 64 ' in line
    # MMEngine's own scaling would count 32.
    assert line.endswith('multiply optim_wrapper.optimizer.lr by 0.5')
    monkeypatch.setattr(batch_size, 'get_world_size', lambda: 4)
    assert warnings_of(caplog, 32, base) == []
    assert 'trains with 64 (16 on each of 4' in warnings_of(caplog, 16, base)[0]


@pytest.mark.parametrize(
    'scaling', [None, {}, dict(base_batch_size=128, enable=True)], ids=str
)
def test_nothing_is_said_without_a_base_or_with_scaling_on(caplog, scaling):
    assert warnings_of(caplog, 32, scaling) == []


def test_the_right_batch_is_no_warning(caplog):
    assert warnings_of(caplog, 32, dict(base_batch_size=32)) == []
