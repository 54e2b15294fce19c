"""PCKh: figures worked out by hand, and the published ones of a known model."""

import logging

import numpy as np
import pytest
from mmengine.logging import MMLogger
from mmpose.datasets.datasets.body import CocoDataset, MpiiDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.metrics import MpiiPCKAccuracy
from mmpose.registry import METRICS
from scipy.io import loadmat

from mmpose_ext.evaluation.metrics import PCKhAccuracy

META = parse_pose_metainfo(MpiiDataset.METAINFO)
ID = META['keypoint_name2id']


def person() -> np.ndarray:
    """Upper neck to head top is 40 px, so PCKh's unit is 30."""
    joints = np.stack([np.arange(16) * 10.0, np.arange(16) * 7.0], axis=1)
    joints[ID['upper_neck']] = 200, 100
    joints[ID['head_top']] = 224, 68
    return joints


def sample(gt=None, offsets=None, hidden=(), head_size=None) -> dict:
    gt = person() if gt is None else gt
    pred = gt.copy()
    for name, offset in (offsets or {}).items():
        pred[ID[name]] += offset
    visible = np.ones(len(gt))
    visible[[ID[name] for name in hidden]] = 0
    truth = dict(keypoints=gt[None], keypoints_visible=visible[None])
    if head_size is not None:
        truth['head_size'] = np.reshape(float(head_size), (1, 1))
    return dict(pred_instances=dict(keypoints=pred[None]), gt_instances=truth)


def score(samples, meta=META, **kwargs) -> dict:
    metric = METRICS.build(dict(type='PCKhAccuracy', **kwargs))
    metric.dataset_meta = meta
    metric.process(None, samples)
    return metric.evaluate(len(samples))


def test_threshold_is_a_fraction_of_the_head_size():
    offsets = {'left_knee': (0, 14.9), 'right_wrist': (15.1, 0), 'right_hip': (2, 0)}
    result = score([sample(offsets=offsets, head_size=30)])
    assert result['left_knee PCKh@0.5'] == 100
    assert result['right_wrist PCKh@0.5'] == 0
    assert result['right_hip PCKh@0.1'] == 100
    assert result['left_knee PCKh@0.1'] == 0
    assert result['PCKh@0.5'] == pytest.approx(100 * 13 / 14)
    assert result['PCKh@0.1'] == pytest.approx(100 * 12 / 14)
    assert result['Wrist PCKh@0.5'] == 50


def test_head_size_from_the_joints_is_mpiis():
    offsets = {'left_knee': (0, 14.9), 'right_wrist': (15.1, 0)}
    assert score([sample(offsets=offsets)]) == score(
        [sample(offsets=offsets, head_size=30)]
    )


def test_pelvis_and_thorax_are_in_no_mean_but_listed():
    result = score([sample(offsets={'pelvis': (99, 0), 'thorax': (99, 0)})])
    assert result['PCKh@0.5'] == result['macro PCKh@0.5'] == 100
    assert result['pelvis PCKh@0.5'] == 0
    every = score([sample(offsets={'pelvis': (99, 0)})], exclude=())
    assert every['PCKh@0.5'] == pytest.approx(100 * 15 / 16)


def test_the_two_means():
    # Two persons; the second has one right wrist wrong and no legs.
    legs = [n for n in ID if n.split('_')[-1] in ('knee', 'ankle')]
    samples = [
        sample(head_size=30),
        sample(offsets={'right_wrist': (99, 0)}, hidden=legs, head_size=30),
    ]
    result = score(samples, per_joint=False)
    assert result['PCKh@0.5'] == pytest.approx(100 * 23 / 24)
    assert result['macro PCKh@0.5'] == pytest.approx(100 * 13.5 / 14)
    assert 'right_wrist PCKh@0.5' not in result


def test_offset_is_added_to_predictions():
    right = sample(head_size=20)
    right['pred_instances']['keypoints'] -= 1  # counts from 0
    assert score([right], thr=0.05)['PCKh@0.05'] == 0
    assert score([right], thr=0.05, offset=1)['PCKh@0.05'] == 100


def test_persons_without_head_are_left_out_and_counted(caplog):
    logger = MMLogger.get_current_instance()
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.WARNING)
    wrong = {name: (99, 0) for name in ID if name not in ('head_top', 'upper_neck')}
    samples = [
        sample(),
        sample(offsets=wrong, hidden=['head_top']),
        sample(offsets=wrong, head_size=0),
        sample(offsets=wrong, head_size=np.nan),
    ]
    result = score(samples)
    logger.removeHandler(caplog.handler)
    assert result['PCKh@0.5'] == 100
    assert '3 of 4 persons left out' in caplog.text


def test_no_yardstick_at_all():
    meta = parse_pose_metainfo(CocoDataset.METAINFO)
    gt = np.zeros((17, 2))
    one = sample(np.zeros((16, 2)))
    one['pred_instances']['keypoints'] = gt[None]
    one['gt_instances'] = dict(keypoints=gt[None], keypoints_visible=np.ones((1, 17)))
    with pytest.raises(ValueError, match=r"'coco' has neither head_size.*headbox_file"):
        score([one], meta)


@pytest.fixture(scope='module')
def hourglass(shared_data):
    """Published predictions of an 8-stack hourglass on MPII's validation split."""
    folder = shared_data / 'mpii' / 'eval'
    truth = loadmat(folder / 'mpii_gt_val.mat')
    boxes = truth['headboxes_src'].transpose(2, 0, 1)
    return dict(
        pred=loadmat(folder / 'pred_hourglass_s8_b1.mat')['preds'].astype(float),
        gt=truth['pos_gt_src'].transpose(2, 0, 1),
        visible=1 - truth['jnt_missing'].T.astype(int),
        head_size=0.6 * np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1),
    )


def samples_of(data, with_head=True):
    for pred, gt, visible, size in zip(*data.values(), strict=True):
        truth = dict(keypoints=gt[None], keypoints_visible=visible[None])
        if with_head:
            truth['head_size'] = size.reshape(1, 1)
        yield dict(pred_instances=dict(keypoints=pred[None]), gt_instances=truth)


PUBLISHED = {
    'Head PCKh@0.5': 96.79,
    'Shoulder PCKh@0.5': 95.19,
    'Elbow PCKh@0.5': 90.08,
    'Wrist PCKh@0.5': 85.32,
    'Hip PCKh@0.5': 87.48,
    'Knee PCKh@0.5': 84.26,
    'Ankle PCKh@0.5': 80.73,
    'PCKh@0.5': 89.092,
    'macro PCKh@0.5': 88.644,
    'PCKh@0.1': 24.494,
}


def test_published_figures_of_the_hourglass(hourglass):
    result = score(list(samples_of(hourglass)))
    for key, value in PUBLISHED.items():
        assert result[key] == pytest.approx(value, abs=0.01), key


def test_head_box_and_joints_give_the_same_unit(hourglass):
    result = score(list(samples_of(hourglass, with_head=False)))
    # 26 persons have no annotated head; the rest are scored alike.
    assert result['PCKh@0.5'] == pytest.approx(PUBLISHED['PCKh@0.5'], abs=0.3)
    whole = hourglass['visible'][:, [8, 9]].all(axis=1)
    length = np.linalg.norm(hourglass['gt'][:, 9] - hourglass['gt'][:, 8], axis=1)
    same = abs(0.75 * length - hourglass['head_size'])[whole] < 0.01
    assert same.mean() == pytest.approx(0.93, abs=0.005)


def test_mmposes_metric_agrees_but_for_its_pixel(hourglass):
    theirs = MpiiPCKAccuracy()
    theirs.dataset_meta = META
    data = dict(hourglass, pred=hourglass['pred'] - 1)
    theirs.process([None] * len(data['pred']), list(samples_of(data)))
    result = theirs.evaluate(len(data['pred']))
    assert result['PCK'] == pytest.approx(PUBLISHED['PCKh@0.5'], abs=0.001)
    assert result['PCK@0.1'] == pytest.approx(PUBLISHED['PCKh@0.1'], abs=0.001)
    assert result['Hip PCK'] == pytest.approx(PUBLISHED['Hip PCKh@0.5'], abs=0.01)


def test_bad_arguments():
    with pytest.raises(ValueError, match=r'PCKhAccuracy: thr=0 must be'):
        PCKhAccuracy(thr=0)
