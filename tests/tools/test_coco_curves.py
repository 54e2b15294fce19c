"""The tool that draws COCO's precision and recall."""

import json
import runpy
import sys

import pytest


def run_tool(monkeypatch, *args):
    tool = 'tools/analysis/coco_curves.py'
    monkeypatch.setattr(sys, 'argv', [tool, *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(tool, run_name='__main__')
    return ended.value.code


def test_tool(shared_data, tmp_path, monkeypatch, capsys, request):
    """Ground truth as its own prediction on the real sample gives AP 1."""
    monkeypatch.chdir(request.config.rootpath)
    file = shared_data / 'coco_mini/annotations/person_keypoints_train2017.json'
    people = json.loads(file.read_text())['annotations']
    results = [
        dict(image_id=p['image_id'], category_id=1, keypoints=p['keypoints'], score=1.0)
        for p in people
        if p['num_keypoints']
    ]
    path = tmp_path / 'x.keypoints.json'
    path.write_text(json.dumps(results))
    assert run_tool(monkeypatch, file, path, '--label', 'itself') == 0
    out = capsys.readouterr().out
    assert 'AP               100.0' in out
    assert 'left_ankle       100.0' in out
    assert (tmp_path / 'x.keypoints.curves.png').is_file()
    results[0]['image_id'] = 5
    path.write_text(json.dumps(results))
    assert run_tool(monkeypatch, file, path) == 2
    assert '1 images of' in capsys.readouterr().err
    path.write_text('{}')
    assert run_tool(monkeypatch, file, path) == 2
    assert 'is no list of results' in capsys.readouterr().err
