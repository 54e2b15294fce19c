"""A network that is small enough for every test of the command."""

import pytest
import torch

from mmpose_ext.apis import Predictor
from mmpose_ext.compat.model_index import index_folder
from mmpose_ext.utils.config import load_config

SMALL = (
    index_folder()
    / 'configs/sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py'
)


@pytest.fixture(scope='session')
def network():
    """A predictor of 14 joints with random weights, the whole image as the box."""
    torch.manual_seed(0)
    predictor = Predictor(
        load_config(SMALL), allow_random=True, boxes_from='whole-image'
    )
    predictor.about = 'random weights'
    return predictor
