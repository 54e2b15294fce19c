"""LspDataset: its meta information, and that MMPose can feed from it."""

import json
import os

import numpy as np
import pytest
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS

from mmpose_ext.datasets.body import LspDataset

# As the README of the data set lists them.
README_ORDER = [
    'right_ankle',
    'right_knee',
    'right_hip',
    'left_hip',
    'left_knee',
    'left_ankle',
    'right_wrist',
    'right_elbow',
    'right_shoulder',
    'left_shoulder',
    'left_elbow',
    'left_wrist',
    'neck',
    'head_top',
]


@pytest.fixture(scope='module')
def meta():
    return parse_pose_metainfo(LspDataset.METAINFO)


def test_joints_in_the_official_order(meta):
    assert [meta['keypoint_id2name'][i] for i in range(14)] == README_ORDER


def test_flips_exchange_left_and_right(meta):
    for i, j in enumerate(meta['flip_indices']):
        mirrored = README_ORDER[i]
        for side, other in (('left', 'right'), ('right', 'left')):
            if README_ORDER[i].startswith(side):
                mirrored = README_ORDER[i].replace(side, other)
        assert README_ORDER[j] == mirrored


def test_halves_of_the_body(meta):
    assert meta['lower_body_ids'] == [0, 1, 2, 3, 4, 5]
    assert meta['upper_body_ids'] == list(range(6, 14))


def test_skeleton_is_one_tree_plus_the_torso_loop(meta):
    links = meta['skeleton_links']
    assert len({frozenset(link) for link in links}) == len(links) == 14
    reached = {12}
    while grown := {j for a, b in links if {a, b} & reached for j in (a, b)} - reached:
        reached |= grown
    assert reached == set(range(14))


def test_sides_have_their_colors(meta):
    colors = {
        side: {
            tuple(meta['keypoint_colors'][i])
            for i, name in enumerate(README_ORDER)
            if name.startswith(side)
        }
        for side in ('left', 'right')
    }
    assert colors == {'left': {(0, 255, 0)}, 'right': {(255, 128, 0)}}


def test_sigmas_and_weights_are_cocos_where_joints_are_shared(meta):
    coco = parse_pose_metainfo(CocoDataset.METAINFO)
    for key in ('sigmas', 'dataset_keypoint_weights'):
        for i, name in enumerate(README_ORDER[:12]):
            assert meta[key][i] == coco[key][coco['keypoint_name2id'][name]], name
    np.testing.assert_allclose(meta['sigmas'][12:], 0.079)


def test_builds_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    joints = np.column_stack([np.arange(14) + 10, np.arange(14) + 20, [0] + [2] * 13])
    joints[0] = 0
    annotation = dict(
        id=1,
        image_id=1,
        category_id=1,
        iscrowd=0,
        bbox=[5, 5, 30, 40],
        keypoints=joints.ravel().tolist(),
        num_keypoints=13,
    )
    (tmp_path / 'a.json').write_text(
        json.dumps(
            dict(
                images=[dict(id=1, file_name='im0001.jpg', width=60, height=80)],
                annotations=[annotation],
                categories=[dict(id=1, name='person')],
            )
        )
    )
    dataset = DATASETS.build(
        dict(type='LspDataset', ann_file='a.json', data_prefix=dict(img='images'))
    )
    assert dataset.metainfo['dataset_name'] == 'lsp'
    person = dataset[0]
    np.testing.assert_array_equal(person['keypoints'][0], joints[:, :2])
    np.testing.assert_array_equal(person['keypoints_visible'][0], [0] + [1] * 13)
    np.testing.assert_array_equal(person['bbox'], [[5, 5, 35, 45]])
    assert person['img_path'] == os.path.join('images', 'im0001.jpg')
