"""Results as COCO json, csv and supervision: values and round trips."""

import csv
import json

import numpy as np
import pytest
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from pycocotools.coco import COCO

from mmpose_ext.apis import coco_results, to_supervision, write_coco, write_csv
from mmpose_ext.apis.result_files import CSV_COLUMNS
from mmpose_ext.apis.results import PoseResult
from mmpose_ext.datasets.conventions import metainfo_file

META = parse_pose_metainfo(dict(from_file=metainfo_file('lsp')))


def result(people, name='a b.jpg', ids=None):
    points = np.arange(people * 28, dtype=np.float32).reshape(people, 14, 2)
    scores = np.tile(np.linspace(0, 1, 14, dtype=np.float32), (people, 1))
    boxes = np.tile(np.float32([10, 20, 40, 80]), (people, 1))
    ones = np.full(people, 0.5, np.float32)
    return PoseResult(
        points, scores, boxes, ones, ones / 2, 'a test', (64, 96), name, META, ids=ids
    )


def test_coco_files_are_read_by_cocos_own_reader(tmp_path, capsys):
    found = [result(2, ids=np.array([7, 9])), result(0, 'empty.jpg')]
    path = write_coco(tmp_path / 'poses.json', found)
    coco = COCO(str(path))
    assert [image['file_name'] for image in coco.dataset['images']] == [
        'a b.jpg',
        'empty.jpg',
    ]
    first, second = coco.loadAnns(coco.getAnnIds(imgIds=[1]))
    assert first['bbox'] == [10, 20, 30, 60]
    assert first['area'] == 1800
    assert first['keypoints'][:6] == [0, 1, 1, 2, 3, 1]
    assert first['keypoints'][-3:] == [26, 27, 2]
    # Scores k / 13 for k = 0..13: those from 4 / 13 on are 0.3 or more.
    assert first['num_keypoints'] == 10
    assert first['score'] == 0.25
    assert second['track_id'] == 9
    (category,) = coco.dataset['categories']
    assert category['keypoints'][0] == 'right_ankle'
    assert min(min(link) for link in category['skeleton']) >= 1
    assert coco.getAnnIds(imgIds=[2]) == []
    loaded = coco.loadRes(coco_results(found, [1, 2]))
    assert loaded.anns[1]['keypoints'][5] == pytest.approx(1 / 13, abs=1e-3)


def test_nothing_found_is_still_a_file(tmp_path):
    path = write_coco(tmp_path / 'none.json', [])
    assert json.loads(path.read_text())['annotations'] == []


def test_csv_has_a_row_for_each_key_point(tmp_path):
    path = write_csv(tmp_path / 'poses.csv', [result(2), result(0)])
    with open(path, newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 28
    assert tuple(rows[0]) == CSV_COLUMNS
    assert rows[13]['keypoint'] == 'head_top'
    assert (rows[13]['x'], rows[13]['y'], rows[13]['score']) == ('26.0', '27.0', '1.0')
    assert rows[14]['person'] == '1'
    assert rows[0]['box_source'] == 'a test'


@pytest.mark.filterwarnings('ignore')
def test_supervision_holds_the_same_numbers():
    pytest.importorskip('supervision')
    points = to_supervision(result(2))
    assert len(points) == 2
    np.testing.assert_array_equal(points.xy, result(2).keypoints)
    np.testing.assert_array_equal(points.keypoint_confidence, result(2).keypoint_scores)
    assert len(to_supervision(result(0))) == 0
