from types import SimpleNamespace

import torch
from torch import nn

from mmpose_ext.engine.hooks import ChannelsLastHook


def test_only_the_order_in_memory_changes():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 1))
    images = torch.rand(2, 3, 9, 9)
    expected = model(images)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    model[1].reset_running_stats()
    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    found = model(images)
    torch.testing.assert_close(found, expected)
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert not found.is_contiguous()
    found.sum().backward()
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, weights[name], msg=name)
