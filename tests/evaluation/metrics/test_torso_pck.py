"""Torso-normalized PCK, against figures worked out by hand."""

import logging

import numpy as np
import pytest
from mmengine.logging import MMLogger
from mmpose.datasets.datasets.body import CocoDataset, MpiiDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import METRICS

from mmpose_ext.datasets.body import LspDataset
from mmpose_ext.evaluation.metrics import TorsoPCKAccuracy

META = parse_pose_metainfo(LspDataset.METAINFO)
ID = META['keypoint_name2id']


def person(torso: float = 50.0) -> np.ndarray:
    """Joints apart from each other; left shoulder to right hip is ``torso``."""
    joints = np.stack([np.arange(14) * 10.0, np.arange(14) * 7.0], axis=1)
    joints[ID['left_shoulder']] = 300, 200
    joints[ID['right_hip']] = 300 - 0.6 * torso, 200 + 0.8 * torso
    return joints


def sample(gt, offsets=None, visible=None) -> dict:
    pred = gt.copy()
    for name, offset in (offsets or {}).items():
        pred[ID[name]] += offset
    visible = np.ones(14) if visible is None else visible
    return dict(
        pred_instances=dict(keypoints=pred[None]),
        gt_instances=dict(keypoints=gt[None], keypoints_visible=visible[None]),
    )


def hidden(*names) -> np.ndarray:
    visible = np.ones(14)
    visible[[ID[name] for name in names]] = 0
    return visible


def score(samples, meta=META, **kwargs) -> dict:
    metric = TorsoPCKAccuracy(**kwargs)
    metric.dataset_meta = meta
    metric.process(None, samples)
    return metric.evaluate(len(samples))


@pytest.fixture
def log(caplog):
    logger = MMLogger.get_current_instance()
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.WARNING)
    yield caplog
    logger.removeHandler(caplog.handler)


def test_threshold_is_a_fraction_of_the_torso():
    # The torso is 50 px long, so 0.2 of it is 10 px.
    result = score(
        [sample(person(), {'neck': (9.9, 0), 'left_knee': (0, -10.1)})],
        thr=[0.1, 0.2, 0.5],
    )
    assert result['neck PCK@0.2'] == 100
    assert result['left_knee PCK@0.2'] == 0
    assert result['neck PCK@0.1'] == 0
    assert result['PCK@0.2'] == pytest.approx(100 * 13 / 14)
    assert result['PCK@0.1'] == pytest.approx(100 * 12 / 14)
    assert result['PCK@0.5'] == 100
    assert result['Knee PCK@0.2'] == 50
    assert result['Head PCK@0.1'] == 50
    assert result['Hip PCK@0.1'] == 100


def test_each_person_has_its_own_scale():
    offsets = {'right_wrist': (6, 8)}  # 10 px
    result = score([sample(person(t), offsets) for t in (40, 60, 100, 20)])
    assert result['right_wrist PCK@0.2'] == 50


def test_the_two_means_differ_where_joints_are_missing():
    # Person 1: all 14 joints, all right. Person 2: only the torso's two joints
    # and the head top are annotated; the head top is wrong.
    torso = ('left_shoulder', 'right_hip')
    rest = [n for n in ID if n not in (*torso, 'head_top')]
    samples = [
        sample(person()),
        sample(person(), {'head_top': (99, 0), 'neck': (99, 0)}, hidden(*rest)),
    ]
    result = score(samples)
    assert result['PCK@0.2'] == pytest.approx(100 * 16 / 17)
    assert result['macro PCK@0.2'] == pytest.approx(100 * 13.5 / 14)
    assert result['Head PCK@0.2'] == 75
    assert result['neck PCK@0.2'] == 100  # not annotated in person 2


def test_joint_never_annotated_is_nan_and_outside_the_means():
    result = score([sample(person(), {'neck': (99, 0)}, hidden('neck'))])
    assert np.isnan(result['neck PCK@0.2'])
    assert result['Head PCK@0.2'] == 100
    assert result['PCK@0.2'] == result['macro PCK@0.2'] == 100


def test_persons_without_torso_are_left_out_and_counted(log):
    everything_wrong = {name: (99, 0) for name in ID}
    samples = [
        sample(person()),
        sample(person(), everything_wrong, hidden('left_shoulder')),
        sample(person(torso=0), everything_wrong),
    ]
    result = score(samples)
    assert result['PCK@0.2'] == 100
    assert '2 of 3 persons left out' in log.text
    assert '1 without an annotated left_shoulder or right_hip' in log.text
    assert '1 with a torso under a pixel' in log.text


def test_no_person_with_a_torso_gives_nan():
    result = score([sample(person(), visible=hidden('right_hip'))], per_joint=False)
    assert np.isnan(list(result.values())).all()


def test_nan_prediction_is_wrong():
    result = score([sample(person(), {'neck': (np.nan, 0)})])
    assert result['neck PCK@0.2'] == 0


def test_input_is_left_as_it_was_and_visibility_weights_are_read():
    one = sample(person(), {'neck': (99, 0)})
    visible = one['gt_instances']['keypoints_visible']
    one['gt_instances']['keypoints_visible'] = np.stack([visible, 0 * visible], -1)
    before = one['pred_instances']['keypoints'].copy()
    assert score([one])['PCK@0.2'] == pytest.approx(100 * 13 / 14)
    np.testing.assert_array_equal(one['pred_instances']['keypoints'], before)


@pytest.mark.parametrize('dataset', [CocoDataset, MpiiDataset])
def test_other_conventions_by_name(dataset):
    meta = parse_pose_metainfo(dataset.METAINFO)
    k = meta['num_keypoints']
    gt = np.random.default_rng(0).uniform(0, 50, (1, k, 2))
    gt[0, meta['keypoint_name2id']['left_shoulder']] = 0, 0
    gt[0, meta['keypoint_name2id']['right_hip']] = 0, 100
    pred = gt.copy()
    pred[0, meta['keypoint_name2id']['left_ankle']] += 0, 21
    pred[0, meta['keypoint_name2id']['left_knee']] += 0, 19
    one = dict(
        pred_instances=dict(keypoints=pred),
        gt_instances=dict(keypoints=gt, keypoints_visible=np.ones((1, k))),
    )
    result = score([one], meta)
    assert result['PCK@0.2'] == pytest.approx(100 * (k - 1) / k)
    assert result['Ankle PCK@0.2'] == 50
    assert result['Knee PCK@0.2'] == 100
    assert ('Head PCK@0.2' in result) == (dataset is MpiiDataset)


def test_registered_with_prefix_and_without_joints():
    metric = METRICS.build(
        dict(type='TorsoPCKAccuracy', thr=0.2, per_joint=False, prefix='lsp')
    )
    metric.dataset_meta = META
    metric.process(None, [sample(person())])
    groups = ['Head', 'Shoulder', 'Elbow', 'Wrist', 'Hip', 'Knee', 'Ankle']
    keys = ['lsp/PCK@0.2', *(f'lsp/{key} PCK@0.2' for key in ['macro', *groups])]
    assert list(metric.evaluate(1)) == keys


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(thr=0), 'TorsoPCKAccuracy: thr=0 must be'),
        (dict(thr=[]), 'must be a list of one or more'),
        (dict(torso='left_shoulder'), 'must be the names of two joints'),
        (dict(torso=['neck', 'neck']), 'must be the names of two joints'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        TorsoPCKAccuracy(**kwargs)


def test_unknown_joint_names_the_choices():
    with pytest.raises(
        ValueError,
        match=r"'pelvis', which the data set 'lsp' lacks; choose.*'head_top'",
    ):
        score([sample(person())], torso=('neck', 'pelvis'))


def test_shapes_must_match():
    one = sample(person())
    one['pred_instances']['keypoints'] = np.zeros((2, 14, 2))
    with pytest.raises(ValueError, match=r'\(2, 14, 2\).*\(1, 14, 2\)'):
        score([one])
