import importlib
import sys

import pytest
import torch

from mmpose_ext.compat import mmcv_ops
from mmpose_ext.compat.mmcv_ops import OpsStandIn
from mmpose_ext.utils.errors import MissingOpError


@pytest.fixture
def stand_in():
    return OpsStandIn()


def test_an_op_raises_only_when_called(stand_in):
    op = stand_in.ms_deform_attn_forward
    with pytest.raises(MissingOpError, match='ms_deform_attn_forward.*mim install'):
        op(1, 2, im2col_step=3)


def test_private_names_are_absent(stand_in):
    # Import machinery and inspect probe such names.
    assert not hasattr(stand_in, '__path__')
    assert not hasattr(stand_in, '_private')


def test_nms_by_hand(stand_in):
    # IoU of the first two is 81 / 119 = 0.68; the third is apart.
    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30]])
    scores = torch.tensor([0.5, 0.9, 0.7])
    assert stand_in.nms(boxes, scores, iou_threshold=0.6).tolist() == [1, 2]
    assert stand_in.nms(boxes, scores, iou_threshold=0.7).tolist() == [1, 2, 0]


def test_nms_offset_counts_the_last_pixel(stand_in):
    # Without offset two abutting one-pixel boxes have no area.
    boxes = torch.tensor([[0.0, 0, 1, 1], [1, 0, 2, 1]])
    scores = torch.tensor([0.9, 0.8])
    # With offset 1 they are 2x2 and overlap by 2 of 6.
    assert stand_in.nms(boxes, scores, iou_threshold=0.3, offset=0).tolist() == [0, 1]
    assert stand_in.nms(boxes, scores, iou_threshold=0.3, offset=1).tolist() == [0]


def test_it_does_not_claim_to_be_the_full_mmcv():
    from mmengine.utils.dl_utils import mmcv_full_available

    if mmcv_ops.install_mmcv_ops():
        assert not mmcv_full_available()
        assert importlib.import_module('mmcv.ops').nms is not None


def test_the_full_mmcv_is_left_alone(monkeypatch):
    compiled = type(sys)('mmcv._ext')
    monkeypatch.setitem(sys.modules, 'mmcv._ext', compiled)
    assert not mmcv_ops.install_mmcv_ops()
    assert sys.modules['mmcv._ext'] is compiled
