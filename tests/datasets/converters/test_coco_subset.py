"""Subsets of COCO: what is drawn, what goes along, and what is refused."""

import json
import os
import pickle
from pathlib import Path

import pytest
from mmpose.datasets.datasets.body import CocoDataset
from PIL import Image

from mmpose_ext.datasets.converters.coco_subset import (
    DETECTIONS,
    SubsetSplit,
    subset_coco,
)
from mmpose_ext.datasets.formats.coco import load_coco
from mmpose_ext.utils import UserError


def make_coco(root, split='train2017', posed=6, empty=4, detections=True):
    """Images 1 to ``posed`` have a person each, the rest none."""
    (root / 'annotations').mkdir(parents=True, exist_ok=True)
    (root / split).mkdir()
    numbers = range(1, posed + empty + 1)
    images = [
        dict(id=i, file_name=f'{i:012d}.jpg', width=60, height=50) for i in numbers
    ]
    people = [
        dict(
            id=100 + i,
            image_id=i,
            category_id=1,
            iscrowd=0,
            bbox=[5, 5, 40, 40],
            area=500.0,
            num_keypoints=17,
            keypoints=[10, 20, 2] * 17,
        )
        for i in range(1, posed + 1)
    ]
    crowd = dict(id=99, image_id=1, category_id=1, iscrowd=1, num_keypoints=0)
    crowd.update(keypoints=[0] * 51, bbox=[0, 0, 9, 9], area=81.0)
    rest = dict(categories=[dict(id=1, name='person')], licenses=[dict(id=1)])
    annotated = dict(images=images, annotations=[*people, crowd], **rest)
    for kind in ('person_keypoints', 'instances'):
        file = root / 'annotations' / f'{kind}_{split}.json'
        file.write_text(json.dumps(annotated))
    for image in images:
        color = (image['id'] * 20, 0, 0)
        Image.new('RGB', (60, 50), color).save(root / split / image['file_name'])
    if detections:
        boxes = [
            dict(image_id=i, category_id=1, bbox=[1, 1, 9, 9], score=0.5)
            for i in numbers
        ]
        file = root / DETECTIONS.format(split)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(boxes))
    return root


@pytest.fixture
def coco(tmp_path):
    return make_coco(tmp_path / 'coco')


def draw(coco, *splits, out='sub', **kwargs):
    out = coco.parent / out
    parsed = [SubsetSplit.parse(text) for text in splits]
    return subset_coco(coco, out, parsed, progress=False, **kwargs)


def ids(report):
    return {image['id'] for image in json.loads(report.path.read_text())['images']}


def test_a_subset_has_cocos_layout(coco):
    report = draw(coco, 'train2017=3')['train2017']
    root = coco.parent / 'sub'
    content = load_coco(root / 'annotations/person_keypoints_train2017.json')
    assert len(content['images']) == report.num_images == 3
    assert ids(report) <= set(range(1, 7))
    assert {a['image_id'] for a in content['annotations']} == ids(report)
    assert content['licenses'] == [dict(id=1)]
    assert len(load_coco(root / 'annotations/instances_train2017.json')['images']) == 3
    boxes = json.loads((root / DETECTIONS.format('train2017')).read_text())
    assert {box['image_id'] for box in boxes} == ids(report)
    assert {int(p.stem) for p in (root / 'train2017').iterdir()} == ids(report)
    dataset = CocoDataset(
        data_root=str(root),
        ann_file='annotations/person_keypoints_train2017.json',
        bbox_file=str(root / DETECTIONS.format('train2017')),
        data_prefix=dict(img='train2017/'),
        test_mode=True,
    )
    assert len(dataset) == 3
    assert os.path.isfile(dataset[0]['img_path'])
    assert f'{report.path}: 3 images, 3 people' in str(report)


def test_the_crowd_of_a_drawn_image_stays(coco):
    draw(coco, 'train2017=6')
    content = load_coco(coco.parent / 'sub/annotations/person_keypoints_train2017.json')
    assert [a['id'] for a in content['annotations'] if a['iscrowd']] == [99]


def test_splits_of_one_source_share_no_image(coco):
    reports = draw(coco, 'train2017=4', 'val2017=2:train2017')
    assert ids(reports['train2017']) | ids(reports['val2017']) == set(range(1, 7))
    assert (coco.parent / 'sub' / DETECTIONS.format('val2017')).is_file()
    with pytest.raises(UserError, match='val2017: 3 images asked for, 2 of train2017'):
        draw(coco, 'train2017=4', 'val2017=3:train2017', out='b')
    assert not (coco.parent / 'b').exists()


def test_seeded(coco):
    first = ids(draw(coco, 'train2017=3')['train2017'])
    assert ids(draw(coco, 'train2017=3', out='b')['train2017']) == first
    others = [
        ids(draw(coco, 'train2017=3', out=f's{k}', seed=k)['train2017'])
        for k in (1, 2, 3)
    ]
    assert any(other != first for other in others)


def test_any_image(coco):
    report = draw(coco, 'train2017=10', any_image=True)['train2017']
    assert ids(report) == set(range(1, 11))


def test_temporaries_of_a_killed_call_go(coco):
    out = coco.parent / 'small'
    left = [
        'train2017/.000000000001.ab12cd_3.jpg',
        'annotations/.person_keypoints_train2017.ab12cd_3.json',
        'person_detection_results/'
        f'.{Path(DETECTIONS.format("train2017")).stem[:40]}.ab12cd_3.json',
    ]
    own = ['train2017/.notes.ab12cd_3.txt', 'train2017/.000000000099.ab12cd_3.jpg']
    for name in [*left, *own]:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).touch()
    subset_coco(coco, out, [SubsetSplit('train2017', 6, 'train2017')], progress=False)
    assert [name for name in [*left, *own] if (out / name).exists()] == own


def test_links(coco):
    mode = (coco / 'train2017/000000000001.jpg').stat().st_mode
    draw(coco, 'train2017=6', link=True)
    image = coco.parent / 'sub/train2017/000000000001.jpg'
    assert image.is_symlink()
    assert image.resolve() == coco / 'train2017/000000000001.jpg'
    assert image.stat().st_mode == mode
    draw(coco, 'train2017=6', link=True)  # again


def test_without_detections_or_instances(tmp_path):
    coco = make_coco(tmp_path / 'coco', detections=False)
    (coco / 'annotations/instances_train2017.json').unlink()
    report = draw(coco, 'train2017=2')['train2017']
    assert 'the source has no instances_train2017.json' in str(report)
    assert 'no detected persons found; evaluate on ground-truth boxes' in str(report)


def test_missing_images(coco):
    for number in (1, 2, 3, 4, 5):
        (coco / f'train2017/{number:012d}.jpg').unlink()
    with pytest.raises(UserError, match=r'of 2 images are missing from .*train2017'):
        draw(coco, 'train2017=2')
    assert not (coco.parent / 'sub').exists()
    assert ids(draw(coco, 'train2017=1', allow_missing=True)['train2017']) == {6}
    with pytest.raises(UserError, match='2 images asked for, 1 of train2017 can be'):
        draw(coco, 'train2017=2', allow_missing=True, out='b')


@pytest.mark.parametrize('text', ['train2017', 'train2017=0', 'a=x', 'a=1:', '=4'])
def test_bad_splits(text):
    with pytest.raises(UserError, match='is not name=number or name=number:source'):
        SubsetSplit.parse(text)


def test_bad_requests(coco):
    with pytest.raises(UserError, match='the subset would replace'):
        draw(coco, 'train2017=1', out='coco')
    with pytest.raises(UserError, match='a split is named twice'):
        draw(coco, 'train2017=1', 'train2017=2')
    with pytest.raises(UserError, match='cannot read .*person_keypoints_val2017.json'):
        draw(coco, 'val2017=1')
    with pytest.raises(UserError, match='seed=-1 is negative'):
        draw(coco, 'train2017=1', seed=-1)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        ('{"images": [', r'is not a JSON file \(Expecting value'),
        ('[]', 'is a list, not a COCO file; take e.g.'),
        ('{"images": []}', "has no list 'annotations'"),
        ('{"images": [{"id": 1}]}', r"images\[0\] of .* has no 'file_name'"),
        (
            '{"images": [], "annotations": [{"id": 1}]}',
            r"annotations\[0\] of .* has no 'image_id'",
        ),
        (
            '{"annotations": [], "images": ['
            + ', '.join(['{"id": 7, "file_name": "a"}'] * 2)
            + ']}',
            'ids of images in .* are used more than once, e.g. 7',
        ),
    ],
)
def test_malformed_annotations(tmp_path, content, message):
    file = tmp_path / 'a.json'
    file.write_text(content)
    with pytest.raises(UserError, match=message):
        load_coco(file)


def mutants(content):
    """Annotations with one thing changed in each, by name."""
    odd = (None, 'a', 1.5, [], {}, float('nan'), True, -1)
    for key in ('images', 'annotations', 'categories'):
        for value in odd:
            yield f'{key}={value!r}', {**content, key: value}
        yield f'no {key}', {k: v for k, v in content.items() if k != key}
    for key in ('images', 'annotations'):
        for value in odd:
            yield f'{key}[1]={value!r}', {**content, key: [*content[key], value]}
        for field in content[key][0]:
            for value in (*odd, '../../x', 'x\0y'):
                first = {**content[key][0], field: value}
                changed = [first, *content[key][1:]]
                yield f'{key}[0][{field}]={value!r}', {**content, key: changed}


def test_mutated_annotations_are_drawn_or_refused_in_one_line(coco):
    file = coco / 'annotations' / 'person_keypoints_train2017.json'
    content, refused = json.loads(file.read_text()), 0
    for name, mutant in mutants(content):
        file.write_text(json.dumps(mutant))
        for options in ({}, {'allow_missing': True, 'any_image': True}):
            text = ''
            try:
                draw(coco, 'train2017=2', **options)
            except UserError as error:
                text = str(error)
            except Exception as error:
                pytest.fail(f'{name}: {error!r}')
            refused += bool(text)
            assert '\n' not in text, name
    assert refused > 60
    assert {p.name for p in coco.parent.iterdir()} <= {'coco', 'sub'}


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'<!DOCTYPE html>', 'HTML'),
        (b'version https://git-lfs.github.com/spec/v1\noid', 'Git LFS pointer'),
        (pickle.dumps({}, 2), 'a pickle'),
        (pickle.dumps({}, 5), 'a pickle'),
        (b'\x1f\x8b\x08\0', 'gzip'),
        (b'PK\x03\x04', 'zip'),
        (b'', 'empty'),
        (b'\xff\xfe', 'utf-8'),
        (b'[' * 100000, 'not a JSON file'),
    ],
)
def test_files_that_are_no_json_say_what_they_are(tmp_path, content, message):
    (tmp_path / 'x.json').write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        load_coco(tmp_path / 'x.json')
    assert 'truncated' not in str(caught.value)
    with pytest.raises(UserError, match='Is a directory'):
        load_coco(tmp_path)


@pytest.mark.parametrize('kind', ['person_keypoints', 'instances'])
@pytest.mark.parametrize(
    ('field', 'value', 'message'),
    [
        ('iscrowd', 'no', '"iscrowd" is not 0 or 1'),
        ('iscrowd', None, '"iscrowd" is not 0 or 1'),
        ('keypoints', ['10', '20', '2'] * 17, 'a joint that is not a number'),
        ('keypoints', [10, 20], 'not a flat list of K x 3'),
        ('bbox', [5, 5, 40], '"bbox" is not a list of four'),
        ('area', 'large', '"area" is missing or not a number'),
        ('num_keypoints', 'many', '"num_keypoints" is not the number'),
        ('category_id', 'person', '"category_id" is missing'),
    ],
)
def test_malformed_fields_are_refused_before_writing(coco, kind, field, value, message):
    file = coco / f'annotations/{kind}_train2017.json'
    content = json.loads(file.read_text())
    content['annotations'][2][field] = value
    file.write_text(json.dumps(content))
    with pytest.raises(UserError, match=message) as caught:
        draw(coco, 'train2017=6')
    assert 'annotation 103' in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert not (coco.parent / 'sub').exists()


@pytest.mark.parametrize('name', ['annotations/instances_{}.json', DETECTIONS])
def test_nan_anywhere_is_refused_before_writing(coco, name):
    file = coco / name.format('train2017')
    content = json.loads(file.read_text())
    entries = content if isinstance(content, list) else content['annotations']
    entries[0]['note'] = float('nan')
    file.write_text(json.dumps(content))
    with pytest.raises(UserError, match='contains nan or infinity'):
        draw(coco, 'train2017=6')
    assert not (coco.parent / 'sub').exists()


@pytest.mark.parametrize('boxes', ['{}', '[1]', '[{"image_id": null}]', '<html>'])
def test_malformed_detections(coco, boxes):
    (coco / DETECTIONS.format('train2017')).write_text(boxes)
    with pytest.raises(UserError, match='AP_H_56_person.json'):
        draw(coco, 'train2017=2')


def test_tool(coco, run_tool, capsys):
    tool = 'dataset_converters/coco_subset.py'
    out = coco.parent / 'sub'
    split = ['--split', 'train2017=4', '--split', 'val2017=2:train2017']
    assert run_tool(tool, coco, out, *split) == 0
    assert 'val2017.json: 2 images, 2 people' in capsys.readouterr().out
    assert run_tool(tool, coco, out, '--split', 'x') == 2
    assert capsys.readouterr().err.startswith("error: split 'x' is not")


def test_real_sample(shared_data, tmp_path):
    splits = [SubsetSplit.parse(t) for t in ('train2017=20', 'val2017=8:train2017')]
    reports = subset_coco(
        shared_data / 'coco_mini', tmp_path / 'sub', splits, link=True, progress=False
    )
    assert [r.num_images for r in reports.values()] == [20, 8]
    # All 28 images with key points; 86 people have some.
    assert sum(r.num_people for r in reports.values()) == 86
