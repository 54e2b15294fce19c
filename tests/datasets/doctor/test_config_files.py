"""What the doctor asks for with a config: its joints, its files, its metric."""

import json
import math
import shutil

import healthy
import pytest
from bench import Bench
from mmengine.config import Config

from mmpose_ext.datasets.doctor import examine, files_of_config
from mmpose_ext.utils import UserError


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path, 'coco')
    bench.write()
    return bench


def found(bench, **options):
    files, diagnoses = files_of_config(bench.path, options)
    diagnoses += examine(files, progress=False, workers=1)
    return {f.check: (f.level, f.count, str(f)) for d in diagnoses for f in d.findings}


def edited(bench, edit, split='val'):
    content = bench.contents[split]
    edit(content)
    healthy.save(bench.root / f'{split}.json', content)


def test_joints_in_another_order(bench):
    edited(bench, lambda c: c['categories'][0]['keypoints'].reverse())
    level, count, line = found(bench)['joint_order']
    assert (level, count) == ('fatal', 16)  # the middle one stays
    assert 'joint 0 is right_ankle, expected nose' in line
    assert '(val.json: ' in line


def test_names_differ_in_spelling_only(bench):
    def edit(content):
        names = content['categories'][0]['keypoints']
        names[:] = [name.replace('_', ' ').title() for name in names]

    edited(bench, edit)
    assert found(bench) == {}


def test_another_number_of_joints_is_one_finding(bench):
    def edit(content):
        content['categories'][0]['keypoints'].append('tail')
        for person in content['annotations']:
            person['keypoints'] += [0, 0, 0]

    edited(bench, edit)
    level, count, line = found(bench)['joint_number']
    assert (level, count) == ('fatal', 1)
    assert 'people 18, names in "categories" 18, config\'s data set 17' in line


def test_flip_pairs_that_do_not_exchange_sides(bench):
    info = Config.fromfile(healthy.metainfo_file('coco')).dataset_info.to_dict()
    info['keypoint_info'][1]['swap'] = 'right_ear'
    info['keypoint_info'][2]['swap'] = ''
    info['sigmas'] = info['sigmas'][:-1]
    config = Config.fromfile(bench.path)
    config.val_dataloader.dataset.metainfo = info
    config.dump(bench.path)
    report = found(bench)
    assert report['flip_pairs'][0] == 'fatal'
    assert 'left_eye' in report['flip_pairs'][2]
    assert report['sigmas'][:2] == ('fatal', 1)


@pytest.mark.parametrize(
    ('key', 'value', 'check'),
    [
        ('sigmas', 0, 'sigmas'),
        ('sigmas', -0.1, 'sigmas'),
        ('sigmas', math.inf, 'sigmas'),
        ('joint_weights', -1, 'sigmas'),
        ('joint_weights', 0, None),
        ('keypoint_info', 1, 'joint_ids'),
    ],
)
def test_numbers_of_the_metainfo(bench, key, value, check):
    info = Config.fromfile(healthy.metainfo_file('coco')).dataset_info.to_dict()
    if key == 'keypoint_info':  # numbered from 1
        info[key] = {k + 1: dict(j, id=k + 1) for k, j in info[key].items()}
    else:
        info[key][3] = value
    config = Config.fromfile(bench.path)
    config.val_dataloader.dataset.metainfo = info
    file = bench.root / 'numbers.py'
    file.write_text(f'inf = float("inf")\n{config.pretty_text}')
    bench.path = file
    assert [name for name in found(bench) if name in ('sigmas', 'joint_ids')] == (
        [check] if check else []
    )


def test_the_evaluator_reads_another_file(bench):
    other = bench.root / 'other.json'
    content = json.loads((bench.root / 'val.json').read_text())
    content['images'][0]['id'] += 1000
    healthy.save(other, content)
    report = found(bench, **{'val_evaluator.ann_file': str(other)})
    assert report['other_ann_file'][:2] == ('fatal', 1)
    with pytest.raises(UserError, match='no.json'):
        found(bench, **{'val_evaluator.ann_file': str(bench.root / 'no.json')})


def test_one_file_for_training_and_validation(bench):
    options = {
        'train_dataloader.dataset.ann_file': 'val.json',
        'train_dataloader.dataset.data_prefix.img': 'val/',
    }
    assert found(bench, **options)['same_file'][:2] == ('warning', 1)


def test_a_copy_for_validation_is_fatal(bench):
    for name in (bench.root / 'train').iterdir():
        shutil.copy(name, bench.root / 'val' / name.name)
    content = bench.contents['train']
    healthy.save(bench.root / 'val.json', content)
    assert found(bench)['overlap'][:2] == ('fatal', 3)


def test_exchanged_files_are_noticed_by_their_names(bench):
    options = {
        'train_dataloader.dataset.ann_file': 'val.json',
        'train_dataloader.dataset.data_prefix.img': 'val/',
        'val_dataloader.dataset.ann_file': 'train.json',
        'val_dataloader.dataset.data_prefix.img': 'train/',
        'val_evaluator.ann_file': str(bench.root / 'train.json'),
    }
    assert found(bench, **options)['swapped_files'][:2] == ('warning', 1)


def test_area_is_fatal_for_the_metric_that_needs_it(bench):
    def edit(content):
        content['annotations'][0]['area'] = 0

    edited(bench, edit)
    assert found(bench)['filled_areas'][0] == 'warning'
    strict = found(bench, **{'val_evaluator.type': 'CocoMetric'})
    assert strict['areas'][0] == 'fatal'


@pytest.mark.parametrize(
    ('bottomup', 'metric', 'level'),
    [
        (False, 'CocoMetric', None),
        (False, 'CocoPersonMetric', None),
        (True, 'CocoPersonMetric', None),
        (True, 'CocoMetric', 'fatal'),
    ],
)
def test_another_category_than_1(bench, bottomup, metric, level):
    def edit(content):
        content['categories'][0]['id'] = 7
        for person in content['annotations']:
            person['category_id'] = 7

    edited(bench, edit)
    options = {'val_evaluator.type': metric}
    if bottomup:
        options['val_dataloader.dataset.data_mode'] = 'bottomup'
    assert found(bench, **options).get('other_category', (None,))[0] == level


def test_a_layout_that_the_data_set_does_not_read(bench):
    message = "has COCO's layout, the data set reads MPII's"
    with pytest.raises(UserError, match=message):
        found(bench, **{'train_dataloader.dataset.type': 'MpiiDataset'})


@pytest.mark.parametrize(
    'options',
    [
        {'train_dataloader.dataset.type': 'NoSuchDataset'},
        {'train_dataloader.dataset.nonsense': 1},
        {'train_dataloader.dataset': 5},
    ],
)
def test_a_config_that_cannot_be_built_is_one_line(bench, options):
    with pytest.raises(UserError) as caught:
        found(bench, **options)
    assert len(str(caught.value).splitlines()) == 1


IMAGES = [
    ('half_eoi.jpg', 'unreadable_images', 'fatal'),
    ('bomb.png', 'unreadable_images', 'fatal'),
    ('jpeg_65500.jpg', 'unreadable_images', 'fatal'),
    ('anim.gif.jpg', 'unreadable_images', 'fatal'),
    ('exif6.jpg', 'exif_turned', 'warning'),
]


@pytest.mark.parametrize(('name', 'check', 'level'), IMAGES)
def test_images_of_the_shared_cases(bench, shared_cases, name, check, level):
    path = sorted((bench.root / 'train').iterdir())[0]
    path.unlink()
    shutil.copy(shared_cases / 'files' / name, path)
    report = found(bench)
    assert report[check][:2] == (level, 1)
    assert any(v[0] == 'fatal' for v in report.values()) == (level == 'fatal')
    assert bool(bench.real()) == (level == 'fatal')


REPORTS = [
    ('02/cat0', set(), set()),
    ('02/cat7', set(), set()),
    ('03/no_area', set(), {'filled_areas'}),
    ('03/zero_area', set(), {'filled_areas'}),
    ('04/joints25', {'joint_number'}, set()),
    ('04/joints12', {'joint_number'}, set()),
    ('04/reversed_order', {'joint_order'}, set()),
    ('05/xyxy', set(), {'corner_boxes'}),
    ('08/data', {'nan_joints'}, set()),
    ('09/data', set(), set()),
    ('13/data', {'nan_joints', 'far_joints'}, set()),
]


@pytest.mark.parametrize(('folder', 'fatal', 'warned'), REPORTS)
def test_reports_of_the_shared_cases(
    shared_cases, request, monkeypatch, folder, fatal, warned
):
    monkeypatch.setenv('COCO_ROOT', str(shared_cases / 'reports' / folder))
    config = 'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192_gt-bbox.py'
    files, diagnoses = files_of_config(request.config.rootpath / 'configs' / config)
    diagnoses += examine(files, progress=False, workers=1)
    findings = [f for d in diagnoses for f in d.findings]
    assert {f.check for f in findings if f.level == 'fatal'} == fatal
    assert warned <= {f.check for f in findings if f.level == 'warning'}
