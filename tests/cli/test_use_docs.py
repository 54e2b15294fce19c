"""docs/use.md and docs/use.ipynb: every command and every cell is run."""

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
import torch
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from mmpose_ext.apis import zoo
from mmpose_ext.compat import model_index, weight_cache
from mmpose_ext.compat.model_index import aliases_of, own_models
from mmpose_ext.datasets.conventions import metainfo_file
from mmpose_ext.testing import build_from_config
from mmpose_ext.video import FileSource, VideoFile, sources
from mmpose_ext_cli import camera
from mmpose_ext_cli.main import main
from mmpose_ext_cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / 'docs/use.md').read_text(encoding='utf-8')
NOTEBOOK = json.loads((ROOT / 'docs/use.ipynb').read_text(encoding='utf-8'))
PAPERS = {'sdhrnet': 'lsp', 'ca_hrnet': 'lsp', 'lrfg_yolopose': 'coco'}


def blocks(language):
    return re.findall(rf'^```{language}\n(.*?)^```', PAGE, re.DOTALL | re.MULTILINE)


COMMANDS = [line for block in blocks('bash') for line in block.splitlines()]


@pytest.fixture(scope='module')
def weights(tmp_path_factory):
    """The models of the page, each with weights: shipped ones, or random ones."""
    folder = tmp_path_factory.mktemp('weights')
    entries = [dict(entry) for entry in own_models()]
    for name, convention in PAPERS.items():
        entry = next(e for e in entries if name in aliases_of(e))
        if not entry['Weights']:
            torch.manual_seed(0)
            file = folder / f'{name}.pth'
            meta = parse_pose_metainfo(dict(from_file=metainfo_file(convention)))
            state = build_from_config(entry['Config']).state_dict()
            torch.save(dict(state_dict=state, meta=dict(dataset_meta=meta)), file)
            entry['Weights'] = str(file)
    return tuple(entries)


@pytest.fixture
def here(tmp_path, monkeypatch, weights):
    """A folder with everything that the page names, and nothing to download."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(model_index, 'own_models', lambda: weights)
    monkeypatch.setattr(zoo, 'own_models', lambda: weights)
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path / 'hub'))
    monkeypatch.setenv(weight_cache.OFFLINE, '1')
    rng = np.random.default_rng(0)
    Path('frames').mkdir()
    for name in ('photo', 'frames/1', 'frames/2'):
        cv2.imwrite(f'{name}.jpg', rng.integers(0, 255, (240, 200, 3), np.uint8))
    with VideoFile('clip.mp4', 10) as video:
        for _ in range(2):
            video.write(rng.integers(0, 255, (96, 128, 3), np.uint8))
    Path('boxes.json').write_text('{"photo.jpg": [[10, 20, 90, 200]]}')
    shutil.copy(weights[-1]['Config'], 'copy.py')
    torch.save({'w': torch.ones(2)}, 'weights.pth')
    Path('configs').symlink_to(ROOT / 'configs')
    # Camera 0 is the clip, and there is a window on which nobody presses a key.
    monkeypatch.setattr(sources, 'CameraSource', lambda *a: FileSource('clip.mp4'))
    monkeypatch.setenv('DISPLAY', ':0')
    for name, value in (
        ('namedWindow', None),
        ('imshow', None),
        ('waitKey', -1),
        ('getWindowProperty', 1),
    ):
        monkeypatch.setattr(cv2, name, lambda *a, v=value: v)
    return tmp_path


@pytest.mark.parametrize('command', COMMANDS)
def test_commands_of_the_page(here, capsys, monkeypatch, command):
    program, *arguments = shlex.split(command)
    assert program == 'mmpose-ext'
    monkeypatch.setattr(sys, 'argv', ['unset'])
    monkeypatch.setattr(sys, 'path', list(sys.path))
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    err = capsys.readouterr().err
    if '--offline' in arguments:
        assert stop.value.code == 2
        assert 'error: offline, and the weights are not in the cache: https://' in err
        assert f'copy the file to {here}/hub/checkpoints/rtmpose-m' in err
        return
    assert not stop.value.code, err
    for option in ('--video', '--json'):
        if option in arguments:
            assert Path(arguments[arguments.index(option) + 1]).stat().st_size
    if arguments[0] == 'predict':
        out = arguments[arguments.index('--out') + 1] if '--out' in arguments else ''
        assert Path(out or 'predictions', 'poses.json').stat().st_size


def test_the_page_shows_the_verbs_that_predict():
    shown = {shlex.split(command)[1] for command in COMMANDS}
    assert shown == {'predict', 'camera', 'convert', 'run'}
    assert shown <= {verb.name for verb in VERBS}
    assert camera.WINDOW.startswith('mmpose-ext')


def execute(cells, monkeypatch, tmp_path):
    """Run pieces of code in order, as a kernel would."""
    matplotlib.use('Agg')
    space: dict = {'__name__': '__main__'}
    for number, cell in enumerate(cells):
        exec(compile(cell, f'cell {number}', 'exec'), space)
    return space


def test_python_of_the_page(here, monkeypatch, tmp_path):
    space = execute(blocks('python'), monkeypatch, tmp_path)
    assert len(space['result']) == 1
    assert Path('poses.json').is_file()
    assert Path('poses.csv').is_file()
    assert list(Path('inferred').rglob('*.json'))
    assert space['stream'].statistics.captured == 2


def test_cells_of_the_notebook(here, monkeypatch, tmp_path):
    cells = [c for c in NOTEBOOK['cells'] if c['cell_type'] == 'code']
    assert all(not cell['outputs'] for cell in cells)
    space = execute([''.join(c['source']) for c in cells], monkeypatch, tmp_path)
    assert len(space['results']) == 2
    assert len(space['people'][0]['keypoints']) == 14
    assert Path('poses.json').is_file()
