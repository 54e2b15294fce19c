from types import SimpleNamespace

import pytest
import torch

from mmpose_ext.engine.hooks import OutputsValHook


class Head(torch.nn.Module):
    outputs = ('h1', 'h2', 'fused')
    test_output = 'h1'


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.head = Head()

    def val_step(self, batch):
        assert not self.training
        return [(self.head.test_output, sample) for sample in batch]


class Evaluator:
    def __init__(self):
        self.seen = []

    def process(self, data_samples, data_batch):
        self.seen += data_samples

    def evaluate(self, size):
        assert len(self.seen) == size
        names = {name for name, _ in self.seen}
        total = sum(value for _, value in self.seen)
        self.seen = []
        return {f'{"-".join(names)} sum': total}


class Loader(list):
    dataset = range(3)


def runner_of(model):
    loop = SimpleNamespace(dataloader=Loader([[1, 2], [3]]), evaluator=Evaluator())
    return SimpleNamespace(model=model, val_loop=loop)


def test_it_adds_every_outputs_scores_and_restores_the_head():
    runner, metrics = runner_of(Model().eval()), {'PCK': 1.0}
    hook = OutputsValHook(('h2', 'fused'))
    hook.before_run(runner)
    hook.after_val_epoch(runner, metrics)
    assert metrics == {'PCK': 1.0, 'h2/h2 sum': 6, 'fused/fused sum': 6}
    assert runner.model.head.test_output == 'h1'


def test_the_head_is_restored_after_an_error():
    runner = runner_of(Model().eval())
    runner.val_loop.evaluator.evaluate = lambda size: 1 / 0
    with pytest.raises(ZeroDivisionError):
        OutputsValHook().after_val_epoch(runner, {})
    assert runner.model.head.test_output == 'h1'


def test_an_output_that_the_head_has_not():
    with pytest.raises(ValueError, match=r"outputs=\('h3',\).* Head does not have"):
        OutputsValHook(('h3',)).before_run(runner_of(Model()))
    model = Model()
    model.head = torch.nn.Identity()
    with pytest.raises(ValueError, match='Identity does not have'):
        OutputsValHook().before_run(runner_of(model))


def test_it_comes_before_the_log():
    # RuntimeInfoHook hands the scores to the log at VERY_HIGH.
    assert OutputsValHook.priority == 'HIGHEST'
