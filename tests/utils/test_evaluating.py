import pytest
from torch import nn

from mmpose_ext.utils.evaluating import evaluating


def modes(model):
    return [module.training for module in model.modules()]


def test_every_module_gets_its_own_mode_back():
    models = [nn.Sequential(nn.Dropout(), nn.BatchNorm2d(2).eval()) for _ in range(2)]
    models[1].eval()
    before = [modes(model) for model in models]
    with evaluating(*models):
        assert not any(modes(models[0]) + modes(models[1]))
    assert [modes(model) for model in models] == before
    assert before[0] == [True, True, False]


def test_also_after_an_error():
    model = nn.Dropout()
    with pytest.raises(RuntimeError), evaluating(model):
        raise RuntimeError
    assert model.training
