"""NTU frames: the protocol, the choice of frames and bodies, and what is written."""

import os
import shutil

import cv2
import numpy as np
import pytest
from ntu_fixtures import (
    NAMES,
    SIZE,
    add_sample,
    body,
    document,
    extract,
    samples,
    skeleton_file,
    write_samples,
)

from mmpose_ext.datasets.body import Ntu60Dataset
from mmpose_ext.datasets.converters.ntu_frames import frame_order, kinect_head_size
from mmpose_ext.datasets.formats.ntu60 import SUBJECTS, NtuName
from mmpose_ext.utils import UserError


@pytest.fixture
def root(tmp_path):
    return write_samples(tmp_path / 'ntu')


def test_xsub_validation_subjects():
    assert len(SUBJECTS['xsub-val']) == len(SUBJECTS['xsub-train']) == 20
    assert {3, 6, 7, 10, 11, 12, 20, 40} <= SUBJECTS['xsub-val']
    assert not SUBJECTS['xsub-val'] & {1, 2, 4, 5, 8, 9, 13, 35, 38}


def test_frames_are_spread_over_classes_and_videos(root):
    add_sample(root, 'S001C001P001R001A001')  # a training subject
    add_sample(root, 'S001C001P003R001A061')  # of NTU-120
    report = extract(root, 6)
    assert report.per_action == {1: 3, 2: 3}
    assert [name for name, _ in samples(report)] == sorted(NAMES)
    assert report.num_samples == 6
    more = extract(root, 15, out=root.parent / 'more')
    assert more.per_action == {1: 8, 2: 7}
    per_video = [n for n, _ in samples(more)]
    assert sorted(per_video.count(n) for n in NAMES) == [2, 2, 2, 3, 3, 3]
    assert len(set(samples(more))) == 15


def test_what_is_written(root):
    report = extract(root, 6)
    content = document(report)
    image, person = content['images'][0], content['annotations'][0]
    assert image['file_name'] == f'{image["sample"]}_f{image["frame"]:04d}.jpg'
    assert (image['width'], image['height']) == SIZE
    assert (image['action'], image['subject']) == (1, 3)
    pixels = cv2.imread(str(report.path.parents[1] / 'images' / image['file_name']))
    # Frame i of the video is gray of value 20 i.
    assert abs(int(pixels[60, 80, 0]) - 20 * image['frame']) <= 3
    one = body(image['frame'], step=0.01)
    joints = np.array(person['keypoints']).reshape(25, 3)
    np.testing.assert_allclose(joints[:, :2], one.pixels, atol=1e-3)
    np.testing.assert_array_equal(joints[:, 2], one.states)
    assert person['num_keypoints'] == 25
    # Neck to head is 0.13 m at 100 pixels a meter: 0.75 x 2 x 13.
    assert person['head_size'] == pytest.approx(19.5, abs=0.01)
    assert content['info']['frames_per_action'] == {'1': 3, '2': 3}
    [category] = content['categories']
    assert category['keypoints'][3] == 'head'


def test_the_data_set_reads_it(root):
    report = extract(root, 6)
    dataset = Ntu60Dataset(
        data_root=str(report.path.parents[1]),
        ann_file='annotations/ntu60_xsub-val.json',
        data_prefix=dict(img='images/'),
    )
    assert len(dataset) == 6
    sample = dataset[2]
    assert os.path.isfile(sample['img_path'])
    assert sample['keypoints'].shape == (1, 25, 2)
    np.testing.assert_allclose(sample['head_size'], [[19.5]], atol=0.01)


def test_another_seed_draws_other_frames(root):
    first = samples(extract(root, 6))
    other = samples(extract(root, 6, out=root.parent / 'b', seed=1))
    assert [n for n, _ in first] == [n for n, _ in other]
    assert first != other


def test_the_body_that_moves_most(root):
    for name in NAMES[1:]:
        skeleton_file(root, name).unlink()
    bodies = [
        [body(i, 'still'), body(i, 'mover', step=0.02, shift=0.1)] for i in range(10)
    ]
    add_sample(root, NAMES[0], bodies)
    report = extract(root, 1)
    image, person = (document(report)[k][0] for k in ('images', 'annotations'))
    expected = body(image['frame'], step=0.02, shift=0.1).pixels[0]
    np.testing.assert_allclose(person['keypoints'][:2], expected, atol=1e-3)
    assert report.ties == []
    twins = [[body(i, 'a', step=0.02), body(i, 'b', step=0.02)] for i in range(10)]
    add_sample(root, NAMES[0], twins)
    tied = extract(root, 1, out=root.parent / 'tied')
    assert tied.ties == [NAMES[0]]
    assert 'two bodies move alike (the first was taken): 1' in str(tied)
    assert document(tied)['info']['samples_with_ties'] == [NAMES[0]]


def test_first_frames_of_the_order_are_spread():
    for number in (1, 2, 7, 100):
        order = frame_order(NAMES[0], 0, number)
        assert sorted(order) == list(range(number))
    ten = np.sort(frame_order(NAMES[0], 0, 100)[:10])
    assert np.diff(ten).max() <= 18
    assert np.diff(ten).min() >= 4


def test_head_size_of_a_bowed_head_is_not_small():
    one = body()
    size = kinect_head_size(one.xyz, one.pixels)
    assert size == pytest.approx(0.75 * 2 * 13, abs=1e-3)
    assert kinect_head_size(one.xyz * np.nan, one.pixels) is None


def test_names():
    name = NtuName.parse('S017C003P020R002A060')
    assert (name.setup, name.camera, name.subject) == (17, 3, 20)
    assert (name.replication, name.action) == (2, 60)
    assert NtuName.parse('S017C003P020R002A060_rgb') is None


def test_real_video(shared_data, tmp_path):
    report = extract(shared_data / 'ntu60', 3, out=tmp_path / 'out', subjects='all')
    assert report.num_images == 3
    assert len(report.samples.without_video) == 2
    for image, person in zip(
        document(report)['images'], document(report)['annotations'], strict=True
    ):
        assert (image['width'], image['height']) == (1920, 1080)
        assert 800 < person['bbox'][0] < 1100
        assert 48 < person['head_size'] < 66
        joints = np.array(person['keypoints']).reshape(25, 3)
        assert joints[3, 1] < joints[2, 1] < joints[0, 1] < joints[14, 1]
    with pytest.raises(UserError, match='the default is the X-Sub validation'):
        extract(shared_data / 'ntu60', 3, out=tmp_path / 'b')
    shutil.rmtree(tmp_path / 'out')
