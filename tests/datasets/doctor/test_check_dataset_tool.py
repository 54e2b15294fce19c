"""The tool on a config, on files, and on what it cannot read."""

import json

import pytest
from standing_people import (
    NAMES,
    make,
    save,
)

TOOL = 'misc/check_dataset.py'


META = dict(
    dataset_name='people',
    keypoint_info={
        i: dict(
            name=name, id=i, color=[0, 0, 0], type='', swap=NAMES[i + 1 - i % 2 * 2]
        )
        for i, name in enumerate(NAMES)
    },
    skeleton_info={},
    joint_weights=[1.0] * 12,
    sigmas=[0.05] * 12,
)


CONFIG = """
def data(name, **kwargs):
    return dict(dataset=dict(
        type='CocoDataset', data_root={root!r}, data_mode='topdown',
        ann_file='annotations/people_' + name + '.json',
        data_prefix=dict(img=name + '/'), pipeline=[], metainfo={meta!r}, **kwargs))
train_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, **data('train')))
val_dataloader = data('val', test_mode=True, bbox_file={root!r} + '/boxes.json')
test_dataloader = val_dataloader
del data
"""


@pytest.fixture
def config(tmp_path):
    save(tmp_path, make(tmp_path))
    save(tmp_path, make(tmp_path, 'val', (5, 6)), 'val')
    boxes = [
        dict(image_id=i, category_id=1, bbox=[1, 1, 9, 9], score=1) for i in (0, 9)
    ]
    boxes.append(dict(image_id=0, category_id=1, bbox=[1, 1, 0, 9], score=1))
    boxes.append(dict(image_id=9, category_id=2, bbox=[1, 1, 9, 9], score=1))
    (tmp_path / 'boxes.json').write_text(json.dumps(boxes))
    path = tmp_path / 'config.py'
    path.write_text(CONFIG.format(root=str(tmp_path), meta=META))
    return path


def test_tool_on_a_config(config, run_tool, capsys):
    out = config.parent / 'report.json'
    assert run_tool(TOOL, config, '--json', out) == 1
    report = json.loads(out.read_text())
    assert report['fatal']
    names = [r['name'].split(':')[0] for r in report['reports']]
    assert names == ['detected boxes', 'train', 'val', 'train against val']
    checks = {f['check']: f['count'] for f in report['reports'][0]['findings']}
    assert checks == {
        'unknown_detections': 1,
        'empty_detections': 1,
        'no_detections': 1,
    }
    assert [len(r['findings']) for r in report['reports']] == [3, 0, 0, 0]
    assert 'boxes of an image that is not annotated' in capsys.readouterr().out
    (config.parent / 'boxes.json').write_text('{}')
    assert run_tool(TOOL, config) == 2
    assert 'is not a list of detected boxes' in capsys.readouterr().err


def test_tool_on_files(config, run_tool, capsys):
    folder = config.parent / 'annotations'
    files = [folder / 'people_train.json', folder / 'people_val.json']
    assert run_tool(TOOL, *files, '--quick') == 0
    assert 'train against other[1]' in capsys.readouterr().out
    assert run_tool(TOOL, folder / 'no.json') == 2
    assert run_tool(TOOL, config.parent / 'no.py') == 2
    assert capsys.readouterr().err.count('error: ') == 2


def test_config_without_files(config, run_tool, capsys):
    config.write_text(
        "train_dataloader = dict(dataset=dict(type='SyntheticPoseDataset'))"
    )
    assert run_tool(TOOL, config) == 2
    assert 'has an annotation file' in capsys.readouterr().err
