"""The doctor: each fault of the labels, one at a time, in otherwise healthy data."""

import json

import cv2
import numpy as np
import pytest
from standing_people import (
    SIZE,
    diagnose,
    first,
    found,
    joint,
    make,
    photo,
    save,
)

from mmpose_ext.datasets.doctor import examine, load_pose_file
from mmpose_ext.utils import UserError


def test_a_healthy_data_set(tmp_path):
    diagnosis = diagnose(tmp_path, make(tmp_path))
    assert diagnosis.findings == []
    assert not diagnosis.fatal
    assert 'nothing found' in str(diagnosis)
    assert diagnosis.counts['images'] == diagnosis.counts['people with joints'] == 3
    assert diagnosis.counts['joints annotated'] == 36
    assert diagnosis.counts['share of people who have']['left_hip'] == 1


def test_counts(tmp_path):
    content = make(tmp_path)
    people = content['annotations']
    people[0]['keypoints'][2] = 0
    people[0]['keypoints'][5] = 1
    people[1]['keypoints'] = [0] * 36
    people.append(dict(people[2], id=99, iscrowd=1))
    counts = diagnose(tmp_path, content).counts
    assert counts['people with joints'] == 2
    assert counts['people without joints'] == 1
    assert counts['crowds'] == 1
    assert counts['images without joints'] == 1
    assert counts['joints annotated'] == 23
    assert counts['of those occluded'] == 1
    assert counts['share of people who have']['left_shoulder'] == 0.5


def image(key, value):
    return lambda content: content['images'][0].__setitem__(key, value)


@pytest.mark.parametrize(
    ('change', 'check', 'level'),
    [
        (joint(4, float('nan')), 'nan_joints', 'fatal'),
        (joint(4, 0, 0), 'joints_at_origin', 'warning'),
        (joint(4, SIZE[0] + 1), 'joints_outside', 'warning'),
        (joint(4, 60, -2), 'joints_outside', 'warning'),
        (first('keypoints', [1.0] * 35), 'misshapen_joints', 'fatal'),
        (first('keypoints', 'none'), 'misshapen_joints', 'fatal'),
        (first('keypoints', [1.0] * 33), 'misshapen_joints', 'fatal'),
        (first('bbox', [5, 5, 0, 10]), 'empty_boxes', 'fatal'),
        (first('bbox', [5, 5, 10]), 'box_types', 'fatal'),
        (first('bbox', [SIZE[0] + 1, 5, 10, 10]), 'boxes_outside', 'fatal'),
        (lambda c: c['annotations'][0].pop('bbox'), 'no_boxes', 'fatal'),
        (first('id', 11), 'repeated_annotations', 'fatal'),
        (first('image_id', 77), 'unknown_image', 'fatal'),
        (image('width', 121), 'size_mismatch', 'fatal'),
        (image('file_name', 'no.jpg'), 'missing_images', 'fatal'),
        (
            lambda c: c['images'].append(dict(c['images'][0])),
            'repeated_images',
            'warning',
        ),
        (
            lambda c: c['images'].append(dict(c['images'][0], file_name='1.jpg')),
            'repeated_images',
            'fatal',
        ),
        (lambda c: c['categories'][0].pop('keypoints'), 'no_names', 'warning'),
    ],
)
def test_illness(tmp_path, change, check, level):
    content = make(tmp_path)
    change(content)
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis)[check] == (level, 1)
    assert diagnosis.fatal == any(f.level == 'fatal' for f in diagnosis.findings)
    assert f'{level:<8}      1  ' in str(diagnosis)


def test_joint_of_a_torn_scale(tmp_path):
    content = make(tmp_path)
    joint(4, 5000)(content)
    assert found(diagnose(tmp_path, content))['far_joints'] == ('fatal', 1)


def test_unannotated_joints_may_be_anything(tmp_path):
    content = make(tmp_path)
    joint(4, -900, 5000, 0)(content)
    first('num_keypoints', 11)(content)
    assert diagnose(tmp_path, content).findings == []


def test_mpiis_layout(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    (tmp_path / 'annotations').mkdir()
    cv2.imwrite(str(folder / '1.jpg'), photo(0))
    person = dict(
        image='1.jpg',
        center=[60, 80],
        scale=0.5,
        joints=[[1.0, 1.0]] * 16,
        joints_vis=[1] + [0] * 15,
    )
    path = tmp_path / 'annotations' / 'mpii_val.json'
    path.write_text(
        json.dumps([person, dict(person, scale=-1), dict(person, joints=[])])
    )
    file = load_pose_file(path)
    np.testing.assert_array_equal(file.people[0].joints[0], [0, 0, 2])
    # As MMPose: 15 of 200 pixels lower, and pixels count from 1.
    np.testing.assert_array_equal(file.people[0].box, [9, 36.5, 100, 100])
    [diagnosis] = examine({'val': file}, progress=False)
    assert found(diagnosis) == {
        'misshapen_joints': ('fatal', 1),
        'joints_at_origin': ('warning', 2),
        'joints_outside_box': ('warning', 1),
        'repeated_people': ('warning', 1),
        'empty_boxes': ('fatal', 1),
    }
    others = [dict(image='1.jpg'), dict(person, image='a.jpg'), 7]
    path.write_text(json.dumps([person, *others]))
    [diagnosis] = examine({'val': load_pose_file(path)}, progress=False)
    assert found(diagnosis)['bad_entries'] == ('fatal', 2)
    assert found(diagnosis)['image_numbers'] == ('fatal', 1)


def test_folder_of_images_is_found_or_named(tmp_path):
    content = make(tmp_path)
    assert load_pose_file(save(tmp_path, content)).image_dir.name == 'train'
    path = save(tmp_path, content, 'elsewhere')
    with pytest.raises(UserError, match='no folder of images found .*--images FOLDER'):
        load_pose_file(path)
    assert load_pose_file(path, tmp_path / 'train').images[0].path.is_file()


def test_real_samples_are_healthy(shared_data):
    coco = load_pose_file(
        shared_data / 'coco_mini/annotations/person_keypoints_train2017.json'
    )
    mpii = load_pose_file(shared_data / 'mpii/annotations/mpii_val5.json')
    diagnoses = examine(dict(coco=coco, mpii=mpii), progress=False)
    assert [d.findings for d in diagnoses] == [[], []]
    counts = diagnoses[0].counts
    assert counts['people with joints'] == 86
    assert counts['people without joints'] + counts['crowds'] == 86
    assert counts['crowds'] == 5
    assert counts['images'] - counts['images without joints'] == 28
