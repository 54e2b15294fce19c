from types import SimpleNamespace

import pytest

from mmpose_ext.engine.hooks import ValBeforeTrainHook


@pytest.mark.parametrize(('iteration', 'runs'), [(0, 1), (47, 0)])
def test_it_validates_only_a_run_that_has_not_begun(iteration, runs):
    calls = []
    loop = SimpleNamespace(run=lambda: calls.append(1))
    runner = SimpleNamespace(iter=iteration, val_loop=loop)
    ValBeforeTrainHook().before_train(runner)
    assert len(calls) == runs


def test_a_run_without_validation_is_left_alone():
    ValBeforeTrainHook().before_train(SimpleNamespace(iter=0, val_loop=None))
