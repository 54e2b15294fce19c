"""Sigmas of OKS from repeated labels."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from mmpose_ext.analysis.sigmas import (
    estimate_sigmas,
    load_metainfo,
    write_sigmas,
)
from mmpose_ext.utils import UserError

METAINFO = """# Three joints, größer geschrieben.
dataset_info = dict(
    dataset_name='three',
    paper_info=dict(),
    keypoint_info={
        0: dict(name='nose', id=0, color=[0, 0, 0], type='upper', swap=''),
        1: dict(name='left_eye', id=1, color=[0, 0, 0], swap='right_eye'),
        2: dict(name='right_eye', id=2, color=[0, 0, 0], swap='left_eye'),
    },
    skeleton_info={},
    joint_weights=[1.0] * 3,
    sigmas=[0.05] * 3,  # for now
)
"""


@pytest.fixture
def metainfo(tmp_path):
    path = tmp_path / 'three.py'
    path.write_text(METAINFO, encoding='utf-8')
    return path


def coco(people, first_id=1, **more):
    """A file; ``people`` are (image, (K, 3) joints, area)."""
    names = sorted({image for image, _, _ in people})
    return dict(
        images=[
            dict(id=i + first_id, file_name=name, width=2000, height=2000)
            for i, name in enumerate(names)
        ],
        annotations=[
            dict(
                id=n + first_id,
                image_id=names.index(image) + first_id,
                category_id=1,
                iscrowd=0,
                bbox=[1, 1, 50, 50],
                area=area,
                keypoints=np.ravel(joints).tolist(),
                **more,
            )
            for n, (image, joints, area) in enumerate(people)
        ],
        categories=[dict(id=1, name='person')],
    )


def save(tmp_path, *files):
    paths = []
    for number, content in enumerate(files):
        path = tmp_path / f'labels{number}.json'
        path.write_text(json.dumps(content))
        paths.append(path)
    return paths


def test_two_and_three_labels_by_hand(metainfo, tmp_path):
    here = np.array([[100.0, 100, 2], [120, 100, 2], [80, 100, 1]])
    there = here + np.array([[3, 4, 0], [0, 2, 0], [0, 0, 0]])
    paths = save(
        tmp_path, coco([('a.jpg', here, 400)]), coco([('a.jpg', there, 600)], 7)
    )
    found = estimate_sigmas(paths, load_metainfo(metainfo))
    # d^2 / 2 s^2, with the mean area of 500; the eyes share (4 / 1000 + 0) / 2.
    assert found.sigmas == pytest.approx([0.025**0.5, 0.002**0.5, 0.002**0.5])
    assert found.labels == (1, 2, 2)
    assert found.people == 1
    # A third annotator, who puts the nose at the first one's place and no eye.
    third = here * [[1, 1, 1], [0, 0, 0], [0, 0, 0]]
    paths = save(tmp_path, *(coco([('a.jpg', p, 500)]) for p in (here, there, third)))
    found = estimate_sigmas(paths, load_metainfo(metainfo))
    # Deviations 5/3, 10/3 and 5/3 from the mean: their squares' sum by 2 by 500.
    assert found.sigmas[0] ** 2 == pytest.approx((25 + 100 + 25) / 9 / 2 / 500)
    assert found.labels == (1, 2, 2)


@pytest.mark.parametrize('annotators', [2, 3])
def test_known_sigmas_are_found_again(metainfo, tmp_path, annotators):
    rng = np.random.default_rng(0)
    wanted = np.array([0.03, 0.08, 0.08])
    files = [[] for _ in range(annotators)]
    for person in range(600):
        scale = rng.uniform(30, 300)
        truth = rng.uniform(0, scale, (3, 2)) + (person % 3) * 600
        for file in files:
            # sigma is that of the distance, of which each axis has half the square.
            noise = rng.normal(size=(3, 2)) * (wanted * scale / 2**0.5)[:, None]
            joints = np.hstack([truth + noise, np.full((3, 1), 2)])
            file.append((f'{person // 3}.jpg', joints, scale**2))
    for number, file in enumerate(files[1:], start=2):  # another order and other ids
        rng.shuffle(file)
        files[number - 1] = file
    contents = [coco(file, 1000 * n) for n, file in enumerate(files)]
    # Nobody's partner: a person of one file, and a crowd.
    contents[0]['annotations'].append(
        dict(copy.deepcopy(contents[0]['annotations'][0]), id=10**6, iscrowd=1)
    )
    found = estimate_sigmas(save(tmp_path, *contents), load_metainfo(metainfo))
    assert found.people == 600
    assert found.sigmas == pytest.approx(wanted, rel=0.06)


def test_a_person_of_one_file_alone_does_not_count(metainfo, tmp_path):
    here = np.array([[100.0, 100, 2], [120, 100, 2], [80, 100, 2]])
    far = here + np.array([300, 0, 0])
    first = coco([('a.jpg', far, 400), ('a.jpg', here, 400)])
    second = coco([('a.jpg', here + np.array([1, 0, 0]), 400), ('b.jpg', here, 400)])
    found = estimate_sigmas(save(tmp_path, first, second), load_metainfo(metainfo))
    assert found.people == 1
    assert found.sigmas == pytest.approx([(1 / 800) ** 0.5] * 3)


def test_only_the_sigmas_of_the_file_change(metainfo, tmp_path):
    out = tmp_path / 'new.py'
    write_sigmas(metainfo, out, [0.01, 0.123456, 0.2], 'From two people')
    assert load_metainfo(out)['sigmas'].tolist() == pytest.approx([0.01, 0.1235, 0.2])
    before, _, after = METAINFO.partition('[0.05] * 3')
    text = out.read_text(encoding='utf-8')
    assert text.startswith(before + '[\n        # From two people\n        0.01,')
    assert text.endswith(after)
    write_sigmas(out, out, [0.3, 0.4, 0.4], 'Again')
    assert load_metainfo(out)['sigmas'].tolist() == pytest.approx([0.3, 0.4, 0.4])
    # The other way to write a dict; and sigmas that are not in the file itself.
    out.write_text("dataset_info = {'a': 1, 'sigmas': [1, 2]}\n", encoding='utf-8')
    write_sigmas(out, out, [0.5], 'Dict')
    assert "'sigmas': [\n        # Dict\n        0.5,\n    ]}" in out.read_text()
    out.write_text('dataset_info = dict(base)\n', encoding='utf-8')
    with pytest.raises(UserError, match='does not state its sigmas itself'):
        write_sigmas(out, out, [0.5], 'None')


def test_what_cannot_be_estimated_is_one_line(metainfo, tmp_path):
    meta = load_metainfo(metainfo)
    joints = np.array([[100.0, 100, 2], [120, 100, 2], [80, 100, 2]])
    one = coco([('a.jpg', joints, 400)])
    other = coco([('b.jpg', joints, 400)])
    noseless = coco([('a.jpg', joints * [[0], [1], [1]] + [0, 0, 0], 400)])
    four = coco([('a.jpg', np.vstack([joints, joints[:1]]), 400)])
    cases = {
        'no repeated labels': (one,),
        'nobody is labeled in two of the 2 files': (one, other),
        'nose was not labeled twice': (one, noseless),
        'nose are alike': (one, one),
        'has 4 joints, the data set 3': (one, four),
    }
    for message, files in cases.items():
        with pytest.raises(UserError, match=message) as caught:
            estimate_sigmas(save(tmp_path, *files), meta)
        assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (None, 'there is no metainfo file'),
        ('dataset_info = dict(\n', 'is not a metainfo file'),
        ('other = 1\n', 'is not a metainfo file'),
        (METAINFO.replace('joint_weights', 'weights'), 'is not a metainfo file'),
        (METAINFO.replace('[0.05] * 3', '[0.05] * 4'), 'is not a metainfo file'),
        ('raise SystemExit(0)', 'is not a metainfo file'),
    ],
)
def test_bad_metainfo_is_one_line(tmp_path, content, message):
    path = tmp_path / 'coco.py'  # the name of one of MMPose's own
    if content is not None:
        path.write_text(content, encoding='utf-8')
    with pytest.raises(UserError, match=message) as caught:
        load_metainfo(path)
    assert '\n' not in str(caught.value)


def test_the_tool_says_which_of_the_two(run_tool, capsys, metainfo, tmp_path):
    tool, out = 'misc/estimate_sigmas.py', tmp_path / 'out.py'
    assert run_tool(tool, metainfo, '--alike', '0.07', '--out', out) == 0
    assert 'sigmas set alike to 0.07, not estimated' in capsys.readouterr().out
    assert '# Set alike to 0.07' in Path(out).read_text(encoding='utf-8')
    joints = np.array([[100.0, 100, 2], [120, 100, 2], [80, 100, 2]])
    files = [coco([('a.jpg', joints + np.array([d, 0, 0]), 400)]) for d in (0, 2)]
    assert run_tool(tool, metainfo, *save(tmp_path, *files), '--out', out) == 0
    printed = capsys.readouterr().out
    assert 'sigmas estimated from 1 people in 2 files' in printed
    assert 'fewer than 30 people' in printed
    assert load_metainfo(out)['sigmas'].tolist() == pytest.approx([0.07071] * 3)
    for wrong in ((metainfo,), (metainfo, '--alike', '0'), (metainfo, 'x.json')):
        assert run_tool(tool, *wrong) == 2
        assert capsys.readouterr().err.startswith('error: ')
