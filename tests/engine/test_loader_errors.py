"""What a loader refuses, or dies of, is one line that says what to change."""

import json

import pytest
import tiny_run
from mmengine.runner import Runner

from mmpose_ext.compat.excepthook import one_line


def line_of(function, *args, **kwargs):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        function(*args, **kwargs)
    line = one_line(caught.value)
    assert line is not None, caught.value
    assert '\n' not in line
    return line


@pytest.mark.parametrize('kind', ['train', 'val'])
def test_no_workers_that_persist(tmp_path, kind):
    settings = tiny_run.config(tmp_path)
    settings[f'{kind}_dataloader']['persistent_workers'] = True
    line = line_of(lambda: Runner(**settings).train())
    assert line.endswith(f'--cfg-options {kind}_dataloader.persistent_workers=False')


@pytest.mark.parametrize('kind', ['train', 'val', 'test'])
def test_a_killed_worker(server, tmp_path, kind):
    assert server.run(tiny_run.run_and_lose_a_worker, tmp_path, kind) == 0
    line = (tmp_path / 'line.txt').read_text()
    assert line.startswith('error: DataLoader worker ')
    assert f'--cfg-options {kind}_dataloader.num_workers=1' in line
    assert ('--resume' in line) == (kind != 'test')


PEOPLE = dict(categories=[dict(id=1, name='person', keypoints=['nose'], skeleton=[])])
IMAGE = dict(id=1, file_name='a.jpg', width=9, height=9)
EMPTY = {
    'top-down': ('CocoDataset', 'topdown', dict(PEOPLE, images=[IMAGE])),
    'one-stage': ('CocoDataset', 'bottomup', dict(PEOPLE, images=[])),
    'LSP': ('LspDataset', 'topdown', dict(PEOPLE, images=[IMAGE])),
    'MPII': ('MpiiDataset', 'topdown', []),
}


@pytest.mark.parametrize('kind', ['val', 'test'])
@pytest.mark.parametrize('data', EMPTY)
def test_a_data_set_without_people(tmp_path, data, kind):
    name, mode, content = EMPTY[data]
    if isinstance(content, dict):
        content = dict(content, annotations=[])
    file = tmp_path / 'empty.json'
    file.write_text(json.dumps(content))
    settings = tiny_run.config(tmp_path)
    settings['val_dataloader']['dataset'] = dict(
        type=name, ann_file=str(file), data_mode=mode, pipeline=[], test_mode=True
    )
    for part in ('dataloader', 'evaluator', 'cfg'):
        settings[f'test_{part}'] = settings[f'val_{part}']
    runner = Runner(**settings)
    line = line_of(runner.test if kind == 'test' else runner.train)
    assert line.startswith(f'error: {kind}_dataloader: {file} has nobody')
