"""`make demo` for every paper: its presets, its table, and a whole tiny run."""

import json
import runpy
from collections import OrderedDict
from pathlib import Path

import cv2
import pytest
from mmengine.config import Config

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer

DEMO = Path(__file__).resolve().parents[2] / 'tools' / 'demo.py'
TOOL = runpy.run_path(str(DEMO))
PRESETS = TOOL['find_presets']()

TINY = """
_base_ = {base!r}

people = dict(num_images=6, persons=(1, 1))
train_cfg = dict(max_epochs=1, val_interval=1)
train_dataloader = dict(
    batch_size=3, num_workers=0, persistent_workers=False, dataset=people
)
val_dataloader = dict(num_workers=0, persistent_workers=False, dataset=people)
"""


@pytest.fixture
def demo(monkeypatch, run_tool):
    """Run the tool in this process and return its exit status."""

    def run(*arguments):
        # A visualizer of another run would go on writing to that one's folder.
        monkeypatch.setattr(SafeNamePoseVisualizer, '_instance_dict', OrderedDict())
        return run_tool('demo.py', *arguments)

    return run


@pytest.mark.parametrize(
    'paper', [path.parent.name for path in TOOL['CONFIGS'].glob('*/README.md')]
)
def test_every_paper_has_a_preset(paper):
    name = f'{paper.replace("_", "-")}[-SIZE]_1xBATCH-EPOCHSe_synthetic-PIXELS.py'
    assert paper in PRESETS, (
        f'configs/{paper} has nothing for `make demo PAPER={paper}`: add its '
        f'metafile.yml and small/{name} (before it td-hm_, if it is top-down)'
    )


EASY = 'toynet_1xb8-8e_synthetic-standing-256'  # before smaller images


def test_presets_are_found_by_their_names(tmp_path):
    small = tmp_path / 'my_net' / 'small'
    small.mkdir(parents=True)
    (small.parent / 'metafile.yml').touch()
    for name in (
        'td-hm_my-net-w8-no-gate_1xb32-8e_synthetic-64x64',  # an ablation
        'td-hm_my-net-nogate_1xb32-8e_synthetic-64x64',  # another
        'td-hm_hrnet-w8_1xb32-8e_synthetic-64x64',  # a baseline
        'td-hm_my-net-w8_1xb32-8e_lspet-64x64',  # needs data
        'td-hm_my-net-w8_1xb32-8e_synthetic-64x64_fixed-norm',  # a continuation
        'td-hm_my-net-w8_1xb32-8e_synthetic-256x256',
        'td-hm_my-net-w8_1xb32-8e_synthetic-128x128',
    ):
        (small / f'{name}.py').touch()
    for paper, names in (
        ('none', ('x',)),
        ('toynet', ('toynet_1xb8-8e_synthetic-128', EASY)),
    ):
        folder = tmp_path / paper / 'small'
        folder.mkdir(parents=True)
        (folder.parent / 'metafile.yml').touch()
        for name in names:
            (folder / f'{name}.py').touch()
    assert TOOL['find_presets'](tmp_path) == {
        'my_net': small / 'td-hm_my-net-w8_1xb32-8e_synthetic-128x128.py',
        'toynet': tmp_path / f'toynet/small/{EASY}.py',
    }


@pytest.mark.parametrize('paper', PRESETS)
def test_presets_need_no_data_and_name_their_metric(paper):
    config = Config.fromfile(str(PRESETS[paper]))
    assert config.train_dataloader.dataset.type == 'SyntheticPoseDataset'
    assert config.default_hooks.checkpoint.save_best in ('PCK@0.2', 'coco/AP')


def test_scores_are_percent_before_and_after():
    pck = [{'PCK@0.2': 1.5, 'step': 0}, {'loss': 3.0}, {'PCK@0.2': 30.0, 'step': 8}]
    assert TOOL['scores_of'](pck, 'PCK@0.2') == ({'PCK@0.2': 1.5}, {'PCK@0.2': 30.0})
    # Nobody large is annotated.
    nobody = {'coco/AP (L)': -1.0}
    coco = [{'coco/AP': 0.0, **nobody}, {'coco/AP': 0.25, **nobody}]
    assert TOOL['scores_of'](coco, 'coco/AP') == ({'coco/AP': 0.0}, {'coco/AP': 25.0})


def test_a_score_that_only_the_end_has_is_printed(capsys):
    TOOL['print_table']({'AP': 0.0}, {'AP': 25.0, 'AP (L)': 30.0})
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ['AP', '0.0', '25.0'] in lines
    assert ['AP', '(L)', '-', '30.0'] in lines


def check_whole_run(printed, out):
    """Check what one run prints and leaves."""
    assert '1 epochs of' in printed
    # The preset's rate is for a larger batch.
    (log,) = (out / 'work').rglob('*.log')
    assert log.read_text().count('The learning rate is for a total batch of') == 1
    result = json.loads((out / 'result.json').read_text())
    assert result['before'].keys() == result['after'].keys()
    for picture in ('learning_curve.png', 'predictions.png'):
        assert cv2.imread(str(out / picture)).std() > 0


def test_a_whole_run(demo, capsys, tmp_path):
    config, out = tmp_path / 'tiny.py', tmp_path / 'out'
    config.write_text(TINY.format(base=str(PRESETS['lrfg_yolopose'])))
    assert demo('--config', config, '--out', out) == 0
    check_whole_run(capsys.readouterr().out, out)


def test_no_epochs_is_one_line(demo, capsys, tmp_path):
    assert demo('--epochs', 0, '--out', tmp_path) == 2
    assert '--epochs 0 is below 1; give 1 or more' in capsys.readouterr().err


def test_only_own_files_are_deleted(demo, capsys, tmp_path):
    """A repeated run replaces its own files; anything else stops it, untouched."""
    config, out = tmp_path / 'tiny.py', tmp_path / 'out'
    config.write_text(TINY.format(base=str(PRESETS['sadinet'])))
    out.mkdir()
    for name in ('result.json', 'thesis.tex'):
        (out / name).write_text('{}')
    arguments = ('--config', config, '--out', out)
    assert demo(*arguments) == 2
    assert 'not made by this tool' in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == ['result.json', 'thesis.tex']
    for path in out.iterdir():
        path.unlink()

    assert demo(*arguments) == 0
    check_whole_run(capsys.readouterr().out, out)
    first = {path for path in out.rglob('*') if path.is_file()}
    note = out / 'work' / 'note.txt'
    note.write_text('mine')
    assert demo(*arguments) == 2
    assert 'such as work/note.txt; nothing was deleted' in capsys.readouterr().err
    assert {path for path in out.rglob('*') if path.is_file()} == first | {note}
    note.unlink()
    (out / 'predictions.png').write_text('mine')
    assert demo(*arguments) == 2
    assert (out / 'predictions.png').read_text() == 'mine'
    (out / 'predictions.png').unlink()

    assert demo(*arguments) == 0
    assert cv2.imread(str(out / 'predictions.png')).std() > 0
    assert len([*out.glob('work/*/vis_data')]) == 1
