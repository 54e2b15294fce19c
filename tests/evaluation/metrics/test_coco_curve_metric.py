"""COCO's metric with curves, against MMPose's and by hand."""

import json

import numpy as np
import pytest
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.metrics import CocoMetric
from mmpose.registry import METRICS

from mmpose_ext.evaluation.metrics import CocoCurveMetric
from mmpose_ext.evaluation.precision_recall import STATS

META = parse_pose_metainfo(CocoDataset.METAINFO)


def samples(rng, number=6, boxes='gt') -> list[dict]:
    """Noisy predictions of people of COCO's 17 joints, one for each image."""
    everyone = []
    for i in range(number):
        joints = rng.uniform(50, 150, (17, 2))
        visible = np.full((17, 1), 2.0)
        truth = np.hstack([joints, visible])
        annotation = dict(
            id=i + 1,
            image_id=i,
            category_id=1,
            iscrowd=0,
            area=6000.0,
            bbox=[50.0, 50, 100, 100],
            num_keypoints=17,
            keypoints=truth.ravel().tolist(),
        )
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
        assert ours[key] == pytest.approx(value, abs=1e-12)
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
    with pytest.raises(ValueError, match="iou_type='keypoints_crowd' is unknown"):
        CocoCurveMetric(iou_type='keypoints_crowd')
