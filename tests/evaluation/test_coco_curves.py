"""Curves and per-joint AP of COCO, against figures worked out by hand."""

import json
import runpy
import sys

import numpy as np
import pytest
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.metrics import CocoMetric
from mmpose.registry import METRICS
from xtcocotools.coco import COCO

from mmpose_ext.evaluation.coco_curves import STATS, coco_curves
from mmpose_ext.evaluation.metrics import CocoCurveMetric

META = parse_pose_metainfo(CocoDataset.METAINFO)


def ground_truth(*people) -> COCO:
    """People of two joints and an area of 100 pixels, all in one image."""
    coco = COCO()
    coco.dataset = dict(
        images=[dict(id=1, file_name='1.jpg', width=500, height=500)],
        categories=[dict(id=1, name='person')],
        annotations=[
            dict(id=i + 1, image_id=1, category_id=1, iscrowd=0, area=100.0,
                 bbox=[0, 0, 10, 10], num_keypoints=sum(v > 0 for v in p[2::3]),
                 keypoints=list(p))
            for i, p in enumerate(people)
        ],
    )  # fmt: skip
    coco.createIndex()
    return coco


def detection(*keypoints, score=0.9) -> dict:
    return dict(image_id=1, category_id=1, keypoints=list(keypoints), score=score)


def distance(similarity: float) -> float:
    """Off by so much, a joint's term of OKS is ``similarity`` at sigma 0.1.

    exp(-d^2 / (2 area (2 sigma)^2)) with area 100 is exp(-d^2 / 8).
    """
    return float(np.sqrt(-8 * np.log(similarity)))


def curves(coco, results, **kwargs):
    return coco_curves(coco, results, [0.1, 0.1], **kwargs)


def test_thresholds_of_one_person():
    # Terms 1 and 0.62, OKS 0.81: right up to 0.80, i.e. at 7 of 10 thresholds.
    truth = ground_truth((100, 100, 2, 200, 200, 1))
    found = detection(100, 100, 1, 200 + distance(0.62), 200, 1)
    result = curves(truth, [found], names=['a', 'b'])
    np.testing.assert_allclose(result.thresholds, np.arange(0.5, 1, 0.05))
    np.testing.assert_allclose(result.ap, [1] * 7 + [0] * 3)
    assert result.stats['AP'] == pytest.approx(0.7)
    assert result.stats['AP .5'] == pytest.approx(1)
    assert result.stats['AP .75'] == pytest.approx(1)
    # The second joint alone is right up to 0.60, at 3 thresholds.
    assert result.per_keypoint == pytest.approx({'a': 1.0, 'b': 0.3})


def test_curve_of_two_people():
    truth = ground_truth((100, 100, 2, 110, 110, 2), (300, 300, 2, 310, 310, 2))
    right = detection(100, 100, 1, 110, 110, 1, score=0.9)
    wrong = detection(400, 100, 1, 410, 100, 1, score=0.5)
    result = curves(truth, [wrong, right])
    # One of two is found, first: precision 1 up to recall 0.5, 51 of 101 points.
    np.testing.assert_allclose(result.precision[0], np.arange(101) <= 50)
    assert result.stats['AP'] == pytest.approx(51 / 101)
    assert result.stats['AR'] == pytest.approx(0.5)
    # The wrong one first: at recall 0.5 one of two is right.
    result = curves(truth, [dict(wrong, score=0.95), right])
    np.testing.assert_allclose(result.precision[3], 0.5 * (np.arange(101) <= 50))


def test_joint_is_scored_on_those_who_have_it():
    truth = ground_truth((100, 100, 2, 0, 0, 0), (300, 300, 2, 310, 310, 2))
    found = [
        detection(100, 100, 1, 0, 0, 1),
        detection(350, 300, 1, 310, 310, 1, score=0.8),
    ]
    result = curves(truth, found, names=['a', 'b'])
    assert result.per_keypoint['b'] == pytest.approx(1)
    assert result.per_keypoint['a'] == pytest.approx(51 / 101)
    assert truth.anns[1]['keypoints'] == [100, 100, 2, 0, 0, 0]


def test_nothing_to_find_is_nan_and_nothing_found_is_zero():
    truth = ground_truth((100, 100, 2, 0, 0, 0))
    result = curves(truth, [detection(100, 100, 1, 5, 5, 1)], names=['a', 'b'])
    assert np.isnan(result.per_keypoint['b'])
    assert np.isnan(result.stats['AP (L)'])
    none = curves(truth, [], names=['a', 'b'])
    assert none.stats['AP'] == none.per_keypoint['a'] == 0


def test_names_and_sigmas_must_agree():
    with pytest.raises(ValueError, match='3 names of joints for 2 sigmas'):
        curves(ground_truth((1, 1, 2, 1, 1, 2)), [], names=['a', 'b', 'c'])


def test_saved_data_and_picture(tmp_path):
    truth = ground_truth((100, 100, 2, 0, 0, 0))
    found = [detection(100, 100, 1, 5, 5, 1)]
    result = curves(truth, found, names=['a', 'b'], label='detector boxes')
    data, picture = result.save(tmp_path / 'sub' / 'x.curves')
    content = json.loads(data.read_text())
    assert content['label'] == 'detector boxes'
    assert content['ap_per_keypoint'] == {'a': 1.0, 'b': None}
    assert np.shape(content['precision']) == (10, 101)
    assert picture.name == 'x.curves.png'
    assert picture.read_bytes()[1:4] == b'PNG'
    assert picture.stat().st_size > 10_000


def samples(rng, number=6, boxes='gt') -> list[dict]:
    """Noisy predictions of people of COCO's 17 joints, one for each image."""
    everyone = []
    for i in range(number):
        joints = rng.uniform(50, 150, (17, 2))
        visible = np.full((17, 1), 2.0)
        truth = np.hstack([joints, visible])
        annotation = dict(
            id=i + 1, image_id=i, category_id=1, iscrowd=0, area=6000.0,
            bbox=[50.0, 50, 100, 100], num_keypoints=17,
            keypoints=truth.ravel().tolist(),
        )  # fmt: skip
        sample = dict(
            id=i,
            img_id=i,
            ori_shape=(200, 200),
            raw_ann_info=annotation,
            pred_instances=dict(
                keypoints=joints[None] + rng.normal(0, 6, (1, 17, 2)),
                keypoint_scores=rng.uniform(0.5, 1, (1, 17)),
            ),
            gt_instances=dict(
                bbox_scores=np.ones(1), bbox_scales=np.array([[125.0, 125.0]])
            ),
        )
        everyone.append(sample)
    return everyone


def evaluate(metric, data):
    metric.dataset_meta = META
    metric.process(data, data)
    return metric.evaluate(len(data))


def save_truth(path, annotations) -> str:
    images = [
        dict(id=a['image_id'], width=200, height=200, file_name='') for a in annotations
    ]
    category = [dict(id=1, name='person')]
    path.write_text(
        json.dumps(dict(images=images, annotations=annotations, categories=category))
    )
    return str(path)


def test_metric_keeps_mmposes_figures_and_adds_its_own(tmp_path):
    data = samples(np.random.default_rng(3))
    file = save_truth(tmp_path / 'gt.json', [s['raw_ann_info'] for s in data])
    theirs = evaluate(CocoMetric(ann_file=file), data)
    ours = evaluate(
        METRICS.build(
            dict(
                type='CocoCurveMetric',
                ann_file=file,
                outfile_prefix=str(tmp_path / 'results'),
            )
        ),
        data,
    )
    assert len(theirs) == len(STATS)
    for key, value in theirs.items():
        # COCO's -1 for "none" becomes nan.
        assert ours[key] == pytest.approx(value if value >= 0 else np.nan, nan_ok=True)
    assert 0 < ours['coco/AP'] < 1
    assert ours['coco/AP (ground-truth boxes)'] == ours['coco/AP']
    assert ours['coco/AR (ground-truth boxes)'] == ours['coco/AR']
    joints = [v for k, v in ours.items() if k.startswith('coco/AP left_')]
    assert len(joints) == 8
    assert (tmp_path / 'results.curves.png').is_file()
    content = json.loads((tmp_path / 'results.curves.json').read_text())
    assert content['label'] == 'ground-truth boxes'


def test_metric_tells_the_boxes(tmp_path):
    data = samples(np.random.default_rng(3), 2)
    annotations = [sample.pop('raw_ann_info') for sample in data]
    file = save_truth(tmp_path / 'gt.json', annotations)
    detected = evaluate(CocoCurveMetric(False, ann_file=file), data)
    assert 'coco/AP (detector boxes)' in detected
    assert 'coco/AP nose' not in detected
    for sample in data:
        sample.update(id=[sample['id']], raw_ann_info=[annotations[sample['img_id']]])
    bottom_up = evaluate(CocoCurveMetric(False, ann_file=file), data)
    assert 'coco/AP (no boxes)' in bottom_up


def test_metric_is_for_key_points_only():
    with pytest.raises(ValueError, match="iou_type='keypoints_crowd' must be"):
        CocoCurveMetric(iou_type='keypoints_crowd')


def run_tool(monkeypatch, *args):
    tool = 'tools/analysis/coco_curves.py'
    monkeypatch.setattr(sys, 'argv', [tool, *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(tool, run_name='__main__')
    return ended.value.code


def test_tool(shared_data, tmp_path, monkeypatch, capsys, request):
    """Ground truth as its own prediction on the real sample gives AP 1."""
    monkeypatch.chdir(request.config.rootpath)
    file = shared_data / 'coco_mini/annotations/person_keypoints_train2017.json'
    people = json.loads(file.read_text())['annotations']
    results = [
        dict(image_id=p['image_id'], category_id=1, keypoints=p['keypoints'], score=1.0)
        for p in people
        if p['num_keypoints']
    ]
    path = tmp_path / 'x.keypoints.json'
    path.write_text(json.dumps(results))
    assert run_tool(monkeypatch, file, path, '--label', 'itself') == 0
    out = capsys.readouterr().out
    assert 'AP               100.0' in out
    assert 'left_ankle       100.0' in out
    assert (tmp_path / 'x.keypoints.curves.png').is_file()
    results[0]['image_id'] = 5
    path.write_text(json.dumps(results))
    assert run_tool(monkeypatch, file, path) == 2
    assert '1 images of' in capsys.readouterr().err
    path.write_text('{}')
    assert run_tool(monkeypatch, file, path) == 2
    assert 'is no list of results' in capsys.readouterr().err
