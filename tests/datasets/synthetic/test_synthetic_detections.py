"""Stand-in detections: near the truth, in the published file's form."""

import json

import numpy as np
from mmpose.datasets import CocoDataset
from numpy.testing import assert_allclose

from mmpose_ext.datasets.synthetic import write_coco_dataset
from mmpose_ext.datasets.synthetic.detections import detections
from mmpose_ext.figures import SyntheticFigures

DETECTIONS_FILE = 'person_detection_results/COCO_val2017_detections_AP_H_56_person.json'

NOTES = [
    dict(id=i, image_id=10 + i, category_id=1, bbox=[20.0, 30.0, 100.0, 200.0])
    for i in range(1, 200)
]


def test_each_person_is_found_once_near_the_true_box():
    found = detections(NOTES, seed=3)
    assert [d['image_id'] for d in found] == [n['image_id'] for n in NOTES]
    sides = np.array([d['bbox'] for d in found])
    assert_allclose(sides.mean(0), [20, 30, 100, 200], atol=2.5)
    # 4 % of 100 and of 200 pixels.
    assert_allclose(sides[:, :2].std(0), [4, 8], rtol=0.2)
    scores = np.array([d['score'] for d in found])
    assert (scores > 0.5).all()
    assert (scores < 1).all()


def test_score_is_the_overlap_by_hand():
    (found,) = detections(NOTES[:1], seed=0)
    x, y, w, h = found['bbox']
    inner = (min(x + w, 120) - max(x, 20)) * (min(y + h, 230) - max(y, 30))
    assert_allclose(found['score'], inner / (100 * 200 + w * h - inner), atol=1e-3)


def test_it_depends_on_seed_and_annotation_alone():
    assert detections(NOTES, 1)[5] == detections(NOTES[5:6], 1)[0]
    assert detections(NOTES, 1)[5] != detections(NOTES, 2)[5]


def test_configs_with_detector_boxes_read_the_written_files(tmp_path):
    figures = SyntheticFigures(seed=2, size=(96, 80))
    write_coco_dataset(figures, tmp_path, 3, 'val')
    people = len(json.loads((tmp_path / DETECTIONS_FILE).read_text()))
    data = CocoDataset(
        data_root=str(tmp_path),
        ann_file='annotations/person_keypoints_val2017.json',
        bbox_file=str(tmp_path / DETECTIONS_FILE),
        data_prefix=dict(img='val2017/'),
        test_mode=True,
    )
    assert len(data) == people
    assert sum(len(figures.render(i, image=False).persons) for i in range(3)) == people


def test_the_training_split_has_none(tmp_path):
    write_coco_dataset(SyntheticFigures(seed=2, size=(96, 80)), tmp_path, 1, 'train')
    assert not (tmp_path / DETECTIONS_FILE).exists()
