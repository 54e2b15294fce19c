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


def test_a_killed_worker(server, tmp_path):
    server.run(tiny_run.train_and_lose_a_worker, tmp_path)
    line = (tmp_path / 'line.txt').read_text()
    assert line.startswith('error: DataLoader worker ')
    assert '--cfg-options train_dataloader.num_workers=1' in line
    assert '--resume' in line


def test_a_data_set_without_people(tmp_path):
    category = dict(id=1, name='person', keypoints=['nose'], skeleton=[])
    image = dict(id=1, file_name='a.jpg', width=9, height=9)
    file = tmp_path / 'empty.json'
    file.write_text(
        json.dumps(dict(images=[image], annotations=[], categories=[category]))
    )
    settings = tiny_run.config(tmp_path)
    settings['val_dataloader']['dataset'] = dict(
        type='CocoDataset',
        ann_file=str(file),
        data_mode='topdown',
        pipeline=[],
        test_mode=True,
    )
    line = line_of(lambda: Runner(**settings).train())
    assert line.startswith(f'error: val_dataloader: {file} has nobody')
