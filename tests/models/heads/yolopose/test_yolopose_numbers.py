"""Rectangular batches, half precision, scores and numbers of joints, by hand."""

import inspect
import math

import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from raw_head import OKS, make_head

from mmpose_ext.models.heads import YOLOPoseHead
from mmpose_ext.models.heads.yolopose.anchors import P6_ANCHORS
from mmpose_ext.models.heads.yolopose.coder import decode_boxes
from mmpose_ext.models.heads.yolopose.parts import build_loss
from mmpose_ext.models.heads.yolopose.postprocess import LevelPredictions, detect
from mmpose_ext.utils import ConfigError

COCO = dict(OKS, metainfo='configs/_base_/datasets/coco.py')


def sample(width, height, boxes=(), joints=2):
    item = PoseDataSample(metainfo=dict(input_size=(width, height)))
    item.gt_instance_labels = InstanceData(
        bboxes=torch.tensor(boxes).reshape(-1, 4).float(),
        keypoints=torch.full((len(boxes), joints, 2), 12.0),
        keypoints_visible=torch.ones(len(boxes), joints),
    )
    return item


@pytest.mark.parametrize(('rows', 'columns'), [(4, 12), (12, 4)])
def test_objectness_grows_with_the_area_of_a_rectangle(rows, columns):
    raw = torch.zeros(1, 12, rows, columns)
    losses = make_head().loss([raw], [sample(8 * columns, 8 * rows)])
    expected = 3 * (8 * rows) * (8 * columns) / 640**2 * math.log(2)
    assert losses['loss_obj'].item() == pytest.approx(expected, rel=1e-5)


def test_people_are_sought_on_the_whole_map(monkeypatch):
    """Of 3 rows and 12 columns, in this order."""
    head = make_head()
    asked = []
    assign = head.assigner.assign

    def noting(*args):
        asked.append(tuple(args[-1]))
        return assign(*args)

    monkeypatch.setattr(head.assigner, 'assign', noting)
    item = sample(96, 24, [[45.0, 8, 55, 18]])
    head.loss([torch.zeros(1, 12, 3, 12)], [item])
    assert asked == [(3, 12)]


@pytest.mark.parametrize(('width', 'height'), [(96, 32), (32, 96)])
def test_boxes_end_at_each_border_of_a_rectangle(width, height):
    raw = torch.zeros(1, 12, height // 8, width // 8)
    raw[:, 4], raw[:, 5] = -20, 20
    raw[:, 2:4] = 20  # four times the anchor's sides, 40 x 40
    raw[0, 4, 0, 0] = raw[0, 4, -1, -1] = 5
    (people,) = make_head().predict([raw], [sample(width, height)])
    expected = [
        [0, 0, min(24, width), min(24, height)],
        [max(0, width - 24), max(0, height - 24), width, height],
    ]
    found = people.bboxes[np.argsort(people.bboxes[:, 2] + people.bboxes[:, 3])]
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize('kind', [torch.float16, torch.bfloat16])
def test_half_precision_ends_at_the_maps(kind):
    """Half of the loss and of the decoding would be lost in the maps' own numbers."""
    torch.manual_seed(0)
    raw = torch.randn(1, 12, 16, 16).to(kind)
    item = sample(128, 128, [[80.0, 80, 89, 89]])
    half, full = (make_head().loss([x], [item]) for x in (raw, raw.float()))
    for name, value in full.items():
        assert half[name].dtype == torch.float32
        assert half[name].item() == value.item()
    (half,), (full,) = (make_head().predict([x], [item]) for x in (raw, raw.float()))
    assert len(full) > 10
    for name in ('bboxes', 'bbox_scores', 'keypoints', 'keypoint_scores'):
        assert half[name].dtype == np.float32
        np.testing.assert_array_equal(half[name], full[name])


def level(scores, boxes):
    """One row of cells whose boxes are given as (center x, side), score in logits."""
    box = torch.zeros(1, 6, 1, len(scores))
    box[0, 4, 0] = torch.tensor(scores).logit()
    box[0, 5] = 30
    for column, (center, side) in enumerate(boxes):
        share = torch.tensor((center / 100 - column + 0.5) / 2)
        box[0, 0, 0, column] = share.logit()
        box[0, 2:4, 0, column] = torch.tensor(math.sqrt(side / 100) / 2).logit()
    kpt = torch.zeros(1, 2, 3, 1, len(scores))
    return LevelPredictions(box, kpt, torch.tensor([[100.0, 100.0]]), 100)


def test_score_is_objectness_times_class():
    raw = torch.zeros(1, 12, 4, 4)
    raw[:, 4] = -20
    raw[0, 4, 1, 1], raw[0, 5, 1, 1] = torch.tensor([0.8, 0.25]).logit()
    raw[0, 4, 3, 3], raw[0, 5, 3, 3] = torch.tensor([0.3, 0.9]).logit()
    (people,) = make_head().predict([raw], [sample(32, 32)])
    # The class decides who comes first.
    np.testing.assert_allclose(people.bbox_scores, [0.27, 0.2], rtol=1e-5)
    (people,) = make_head().predict([raw], [sample(32, 32)], dict(score_thr=0.25))
    np.testing.assert_allclose(people.bbox_scores, [0.27], rtol=1e-5)


@pytest.mark.parametrize(('apart', 'kept'), [(23, 2), (20, 1)])
def test_suppression_above_an_iou_of_65_percent_by_default(apart, kept):
    # Squares of 100 that far apart: IoU 77 / 123 = .626 and 80 / 120 = .667.
    people = detect([level([0.9, 0.8], [(60, 100), (60 + apart, 100)])])
    assert len(people) == kept


def test_each_person_has_the_joints_of_its_own_level():
    """The second level's cells are half as large, and its joints are raw ones."""
    first = level([0.9], [(50, 20)])
    second = level([0.001, 0.8, 0.001], [(50, 20), (150, 20), (250, 20)])
    second.kpt[:, :, :2] = 1
    second.stride = 50
    people = detect([first, second], score_thr=0.5)
    np.testing.assert_allclose(people.scores, [0.9, 0.8], rtol=1e-5)
    # (2 * raw - 0.5 + cell) * stride, cells (0, 0) and (1, 0).
    expected = [[[-50, -50]] * 2, [[125, 75]] * 2]
    np.testing.assert_allclose(people.keypoints, expected)


def test_other_settings_of_the_published_test_are_defaults():
    people = detect([level([0.9, 0.0011, 0.0009], [(50, 20), (150, 20), (250, 20)])])
    np.testing.assert_allclose(people.scores, [0.9, 0.0011], rtol=1e-3)
    crowd = detect([level([0.5] * 310, [(100 * i + 50, 20) for i in range(310)])])
    assert len(crowd) == 300


def test_joints_of_head_and_loss_agree():
    make_head(num_keypoints=17, loss_kpt=COCO)
    make_head(num_keypoints=14, loss_kpt=OKS)
    message = (
        r'YOLOPoseHead: num_keypoints=14 is not the number of sigmas of '
        r'loss_kpt.metainfo, 17'
    )
    for loss in (COCO, None):
        with pytest.raises(ConfigError, match=message):
            make_head(num_keypoints=14, loss_kpt=loss)
    with pytest.raises(ConfigError, match='num_keypoints=18 is not the number of'):
        make_head(num_keypoints=18, loss_kpt=COCO)


@pytest.mark.parametrize('joints', [1, 4, 6, 3])
def test_joints_of_head_and_data_agree(joints):
    """Also where the numbers divide, or three people of two make two of three."""
    item = sample(32, 32, [[7.0, 7, 17, 17]] * 2, joints=joints)
    message = rf"num_keypoints=2 is not the data's number of joints, {joints}"
    with pytest.raises(ConfigError, match=f'YOLOPoseHead: {message}'):
        make_head().loss([torch.zeros(1, 12, 4, 4)], [item])


def test_published_anchors_and_gains():
    """Those of the published YOLO-Pose at 960 px."""
    assert P6_ANCHORS == (
        ((19, 27), (44, 40), (38, 94)),
        ((96, 68), (86, 152), (180, 137)),
        ((140, 301), (303, 264), (238, 542)),
        ((436, 615), (739, 380), (925, 792)),
    )
    gains = {
        name: build_loss('head', name, None).loss_weight
        for name in ('loss_bbox', 'loss_kpt', 'loss_obj', 'loss_vis')
    }
    strides = inspect.signature(YOLOPoseHead).parameters['strides'].default
    assert strides == (8, 16, 32, 64)
    assert gains == dict(loss_bbox=0.05, loss_kpt=0.1, loss_obj=1.0, loss_vis=0.5)


@pytest.mark.parametrize(
    'anchors', [[[[4]]], [[[4, 5, 6]]], [[4, 5]], np.empty((1, 0, 2)), [[]]]
)
def test_anchors_of_another_shape(anchors):
    with pytest.raises(ValueError, match=r'has the shape .*, not \(levels, anchors, 2'):
        make_head(anchors=anchors)


def test_boxes_decode_in_any_number_of_dimensions():
    raw = torch.randn(3, 2, 5, 4)
    cells, anchors = torch.arange(10).view(5, 2), torch.rand(5, 2) + 1
    whole = decode_boxes(raw, cells, 8, anchors)
    for i, j in np.ndindex(3, 2):
        part = decode_boxes(raw[i, j], cells, 8, anchors)
        torch.testing.assert_close(whole[i, j], part)
        x, y = ((2 * raw[i, j, 0, :2].sigmoid() - 0.5 + cells[0]) * 8).tolist()
        w, h = ((2 * raw[i, j, 0, 2:].sigmoid()) ** 2 * anchors[0]).tolist()
        expected = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
        np.testing.assert_allclose(part[0], expected, rtol=1e-4)
