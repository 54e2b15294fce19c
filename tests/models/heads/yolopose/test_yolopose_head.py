"""Each part of the loss by hand, on a map of 4 x 4 cells of 8 pixels."""

import math

import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.models.pose_estimators import BottomupPoseEstimator
from mmpose.structures import PoseDataSample
from raw_head import OKS, make_head

import mmpose_ext.models.heads.yolopose.head as head_file
from mmpose_ext.models.heads.yolopose import YOLOPoseHead
from mmpose_ext.models.heads.yolopose.voting import find_voters
from mmpose_ext.testing import parameters_without_gradient

LOG2 = math.log(2)


def sample(boxes=(), points=(), visible=(), size=(32, 32)):
    item = PoseDataSample(metainfo=dict(input_size=size))
    item.gt_instance_labels = InstanceData(
        bboxes=torch.tensor(boxes).reshape(-1, 4).float(),
        keypoints=torch.tensor(points).reshape(-1, 2, 2).float(),
        keypoints_visible=torch.tensor(visible).reshape(-1, 2).float(),
    )
    return item


# A box of the anchor's size in the middle of cell (1, 1), joints 0 and 5 pixels from
# where raw zeros lie.
PERSON = sample([[7, 7, 17, 17]], [[4, 4], [4, 9]], [[1, 1]])
NOBODY = sample()


def features(batch=1, size=4, objectness=0.0, channels=12):
    feat = torch.zeros(batch, channels, size, size)
    feat[:, 4] = objectness
    return feat.requires_grad_()


def values(losses):
    return {name: value.item() for name, value in losses.items()}


def test_memory_format_changes_nothing():
    head = make_head(anchors=[[(10, 10), (12, 12)]])
    feat = torch.randn(2, 24, 4, 4, generator=torch.Generator().manual_seed(0))
    plain = head.loss([feat], [PERSON, PERSON])
    last = head.loss([feat.to(memory_format=torch.channels_last)], [PERSON, PERSON])
    torch.testing.assert_close(last, plain)


def test_every_part_by_hand():
    losses = values(make_head().loss([features(objectness=1.0)], [PERSON]))
    level = 3 / 1
    # The predicted box is the true one: its place should say 1, the 15 others 0.
    objectness = math.log(1 + math.e) - 1 / 16
    area = 32 * 32 / 640**2
    assert losses == {
        'loss_bbox': pytest.approx(0, abs=1e-6),
        'loss_obj': pytest.approx(level * area * objectness, rel=1e-5),
        'loss_kpt': pytest.approx(0.1 * (0 + 1 - math.exp(-25 / 100)) / 2, rel=1e-5),
        'loss_vis': pytest.approx(0.5 * level / 80 * LOG2, rel=1e-5),
    }


def test_box_off_its_place():
    # 8 x 8 instead of 10 x 10 with one center: IoU 0.64, and as much objectness.
    person = sample([[8, 8, 16, 16]], [[12, 12], [12, 12]], [[1, 1]])
    losses = values(make_head().loss([features(objectness=1.0)], [person]))
    assert losses['loss_bbox'] == pytest.approx(0.05 * 3 * (1 - 0.64), rel=1e-4)
    expected = 3 * 32 * 32 / 640**2 * (math.log(1 + math.e) - 0.64 / 16)
    assert losses['loss_obj'] == pytest.approx(expected, rel=1e-5)


def test_published_gains_at_960_on_four_levels():
    head = YOLOPoseHead(
        head_module=dict(type='RawPredictions'), num_keypoints=2, loss_kpt=OKS
    )
    channels = 3 * (6 + 6)
    feats = [features(size=960 // s, channels=channels) for s in (8, 16, 32, 64)]
    losses = values(head.loss(feats, [NOBODY]))
    # Raw zeros: log 2 on each level, weighted 4, 1, .25 and .06.
    assert losses['loss_obj'] == pytest.approx(1.6875 * 5.31 * LOG2, rel=1e-4)


@pytest.mark.parametrize('samples', [[NOBODY], [PoseDataSample()]])
def test_nobody_gives_zero_and_never_nan(samples):
    samples[0].set_metainfo(dict(input_size=(32, 32)))
    feat = features()
    losses = make_head().loss([feat], samples)
    sum(losses.values()).backward()
    for name in ('loss_bbox', 'loss_kpt', 'loss_vis'):
        assert losses[name] == 0
    assert feat.grad.isfinite().all()
    others = [channel for channel in range(12) if channel != 4]
    assert not feat.grad[:, others].any()
    assert feat.grad[:, 4].all()


def test_person_without_joints_still_has_a_box():
    person = sample([[7, 7, 17, 17]], [[0, 0], [0, 0]], [[0, 0]])
    losses = make_head().loss([features()], [person])
    assert losses['loss_kpt'] == 0
    # The visibility learns that there is none.
    assert losses['loss_vis'].item() == pytest.approx(0.5 * 3 / 80 * LOG2, rel=1e-5)


@pytest.mark.parametrize('box', [[7, 7, 7, 17], [17, 17, 7, 7], [7, 7, 17, math.nan]])
def test_box_of_no_area_is_nobody(box):
    odd = sample([box], [[12, 12], [12, 17]], [[1, 1]])
    losses = values(make_head().loss([features()], [odd]))
    assert losses == values(make_head().loss([features()], [NOBODY]))


def test_batch_and_world_size(monkeypatch):
    head = make_head()
    one = values(head.loss([features()], [PERSON]))
    two = values(head.loss([features(2)], [PERSON, PERSON]))
    monkeypatch.setattr(head_file, 'get_world_size', lambda: 4)
    four = values(head.loss([features()], [PERSON]))
    for name, value in one.items():
        assert two[name] == pytest.approx(2 * value)
        assert four[name] == pytest.approx(4 * value)


def test_the_person_is_sought_in_its_own_image():
    feat = features(2)
    sum(make_head().loss([feat], [NOBODY, PERSON]).values()).backward()
    assert not feat.grad[0, :4].any()
    # Visibility of the one positive; the box is right and has no gradient.
    assert feat.grad[1, 8].nonzero().tolist() == [[1, 1]]


def test_of_two_people_in_one_place_the_better_fit_counts():
    good, bad = [7, 7, 17, 17], [9, 9, 15, 15]
    points, visible = [[12, 12], [12, 12]], [1, 1]
    expected = 3 * 32 * 32 / 640**2 * (math.log(1 + math.e) - 1 / 16)
    for boxes in ([good, bad], [bad, good]):
        both = sample(boxes, [points] * 2, [visible] * 2)
        losses = make_head().loss([features(objectness=1.0)], [both])
        assert losses['loss_obj'].item() == pytest.approx(expected, rel=1e-5)


def test_balance_must_fit():
    with pytest.raises(ValueError, match=r'YOLOPoseHead: level_balance=\(4.0, 1.0'):
        make_head(level_balance=(4.0, 1.0))


@pytest.mark.parametrize('part', ['head_module', 'loss_bbox', 'loss_kpt', 'loss_obj'])
def test_unknown_parts_are_named(part):
    with pytest.raises(ValueError, match=f'YOLOPoseHead: {part}=.*Nope.*choose'):
        make_head(**{part: dict(type='Nope')})


def planted():
    """Somebody at cell (column 3, row 1), and a weaker copy at (2, 1)."""
    feat = torch.zeros(1, 12, 4, 4)
    feat[:, 4] = -20
    feat[:, 5] = 20
    feat[0, 4, 1, 3], feat[0, 4, 1, 2] = 3, 2
    feat[0, 0, 1, 2] = torch.tensor(0.95).logit()  # Almost a cell to the right.
    feat[0, 6:, 1, 3] = torch.tensor([0.0, 0.5, 4, 1, -1, -4])
    return feat


def test_prediction_by_hand():
    (people,) = make_head().predict([planted()], [NOBODY], dict(nms_thr=0.5))
    assert len(people) == 1
    # Center (28, 12) and 10 x 10, cut at the input's border.
    np.testing.assert_allclose(people.bboxes, [[23, 7, 32, 17]], rtol=1e-6)
    score = 1 / (1 + math.exp(-3))
    np.testing.assert_allclose(people.bbox_scores, [score], rtol=1e-5)
    expected = [[[(-0.5 + 3) * 8, (1 - 0.5 + 1) * 8], [(1.5 + 3) * 8, (-2.5 + 1) * 8]]]
    np.testing.assert_allclose(people.keypoints, expected, rtol=1e-6)
    visible = [[1 / (1 + math.exp(-4)), 1 / (1 + math.exp(4))]]
    np.testing.assert_allclose(people.keypoint_scores, visible, rtol=1e-4)
    assert people.labels.tolist() == [0]


def test_settings_of_the_test():
    head, feats = make_head(), [planted()]
    assert len(head.predict(feats, [NOBODY], dict(nms_thr=1.0))[0]) == 2
    assert len(head.predict(feats, [NOBODY], dict(nms_thr=1.0, max_per_img=1))[0]) == 1
    high = dict(nms_thr=1.0, score_thr=0.9)
    assert len(head.predict(feats, [NOBODY], high)[0]) == 1
    assert len(head.predict(feats, [NOBODY], dict(max_per_img=2**31 - 1))[0]) == 1
    # The scores must be above the threshold.
    sure = torch.full_like(feats[0], 40.0)
    assert len(head.predict([sure], [NOBODY], dict(score_thr=1.0))[0]) == 0
    with pytest.raises(ValueError, match='test_cfg.flip_test=True is not supported'):
        head.predict(feats, [NOBODY], dict(flip_test=True))


@pytest.mark.parametrize(
    ('setting', 'message'),
    [
        (dict(nms_pre=300), "nms_pre=300 is an unknown.*'nms_thr'"),
        (
            dict(score_thr=1.5),
            'score_thr=1.5 is out of range; give a number from 0 to 1',
        ),
        (dict(nms_thr='high'), "nms_thr='high'"),
        (dict(nms_thr=1.5), 'nms_thr=1.5 is out of range; give a number from 0 to 1'),
        (dict(vote_thr=0), 'vote_thr=0 is out of range; give a number above 0'),
        (dict(max_per_img=0), 'max_per_img=0 is out of range; give a positive integer'),
        (dict(max_per_img=True), 'max_per_img=True'),
        (dict(max_per_img=2**31), 'max_per_img=2147483648 is out of range'),
    ],
)
def test_bad_settings_of_the_test(setting, message):
    with pytest.raises(ValueError, match=f'YOLOPoseHead: test_cfg.{message}'):
        make_head().predict([planted()], [NOBODY], setting)


def test_votes_by_hand():
    """The weaker copy's joints lie where raw zeros do; its IoU is 9.2 / 10.8."""
    plain, voted, apart = (
        make_head().predict([planted()], [NOBODY], dict(nms_thr=0.5, vote_thr=vote))[0]
        for vote in (1.0, 0.85, 0.86)
    )
    strong, weak = 1 / (1 + math.exp(-3)), 1 / (1 + math.exp(-2))
    own, copy = plain.keypoints[0], np.array([[1.5 * 8, 0.5 * 8]])
    expected = (strong * own + weak * copy) / (strong + weak)
    np.testing.assert_allclose(voted.keypoints[0], expected, rtol=1e-5)
    seen = (strong * plain.keypoint_scores[0] + weak * 0.5) / (strong + weak)
    np.testing.assert_allclose(voted.keypoint_scores[0], seen, rtol=1e-5)
    np.testing.assert_array_equal(voted.bboxes, plain.bboxes)
    np.testing.assert_array_equal(voted.bbox_scores, plain.bbox_scores)
    np.testing.assert_allclose(apart.keypoints, plain.keypoints, rtol=1e-6)


def test_a_person_keeps_its_own_vote():
    """A box without an area has no overlap with itself."""
    boxes = torch.tensor([[3.0, 3.0, 3.0, 3.0], [0.0, 0.0, 9.0, 9.0]])
    voters = find_voters(boxes, torch.tensor([0.5, 0.25]), torch.tensor([1, 0]), 0.5)
    assert [part.tolist() for part in voters] == [[0, 1], [1, 0], [1.0, 1.0]]


def test_nobody_votes_for_nobody():
    settings = dict(score_thr=1.0, vote_thr=0.5)
    (people,) = make_head().predict([planted()], [NOBODY], settings)
    assert people.keypoints.shape == (0, 2, 2)


def test_people_belong_to_their_own_image():
    nobody = planted()
    nobody[:, 4] = -20
    both = torch.cat([planted(), nobody, planted()])
    found = make_head().predict([both], [NOBODY] * 3)
    assert [len(people) for people in found] == [1, 0, 1]


def test_nobody_found():
    (people,) = make_head().predict([planted()], [NOBODY], dict(score_thr=1.0))
    assert people.bboxes.shape == (0, 4)
    assert people.keypoints.shape == (0, 2, 2)
    assert people.keypoint_scores.shape == (0, 2)


def test_predictions_are_mapped_into_the_image():
    """A 64 x 32 image, scaled by 1/2 and centerd in 32 x 32."""
    person = sample()
    person.set_metainfo(
        dict(input_center=np.array([32.0, 16.0]), input_scale=np.array([64.0, 64.0]))
    )
    (people,) = make_head().predict([planted()], [person], dict(nms_thr=0.5))
    BottomupPoseEstimator.add_pred_to_datasample(None, [people], None, [person])
    found = person.pred_instances
    np.testing.assert_allclose(found.bboxes, [[46, 14 - 16, 64, 34 - 16]], rtol=1e-5)
    np.testing.assert_allclose(found.keypoints[0, 0], [40, 24 - 16], rtol=1e-5)


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    head = YOLOPoseHead(
        head_module=dict(type='YOLOPoseHeadModule', in_channels=(8, 12), implicit=True),
        anchors=[[(10, 10)], [(20, 20)]],
        strides=(8, 16),
        level_balance=(4.0, 1.0),
    )
    person = PoseDataSample()
    person.gt_instance_labels = InstanceData(
        bboxes=torch.tensor([[10.0, 12, 26, 30]]),
        keypoints=10 + 16 * torch.rand(1, 17, 2),
        keypoints_visible=torch.ones(1, 17),
    )
    feats = [torch.randn(2, 8, 8, 8), torch.randn(2, 12, 4, 4)]
    sum(head.loss(feats, [person, PoseDataSample()]).values()).backward()
    assert parameters_without_gradient(head) == []
