"""The command lines of SADI-Net's figures and benchmark."""

import json
import runpy
from pathlib import Path

import cv2
import pytest
import torch

from mmpose_ext.testing import build_from_config

TOOLS = Path(__file__).resolve().parents[2] / 'tools'
CONFIG = (
    TOOLS.parent
    / 'configs/sadinet/small/td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'
)


def test_curves_of_runs(run_tool, tmp_path):
    folder = tmp_path / 'run' / '20260101_000000' / 'vis_data'
    folder.mkdir(parents=True)
    records = [
        {'loss': 2.0, 'loss_h1': 1.0, 'epoch': 1, 'iter': 9, 'step': 9},
        {'PCK@0.2': 0.5, 'step': 1},
    ]
    lines = '\n'.join(json.dumps(record) for record in records)
    (folder / 'scalars.json').write_text(lines)
    out = tmp_path / 'runs.png'
    assert (
        run_tool(
            'analysis/paper_figures.py', 'runs', out, '--run', 'a', tmp_path / 'run'
        )
        == 0
    )
    assert cv2.imread(str(out)).std() > 0


def test_gradient_norms_with_a_detached_likelihood(run_tool, tmp_path, capsys):
    out = tmp_path / 'norms.png'
    small = [
        f'train_dataloader.{key}'
        for key in (
            'num_workers=0',
            'persistent_workers=False',
            'batch_size=2',
            'dataset.num_images=4',
        )
    ]
    signs = ('analysis/sadi_training_signs.py', CONFIG, '--steps', 2, '--every', 1)
    options = ('--cfg-options', 'model.head.detach_rle=True', *small)
    assert run_tool(*signs, '--figure', out, *options) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    steps = [row for row in rows if row and row[0] in ('1', '2')]
    assert len(steps) == 2
    for row in steps:
        h1, h2, rle = map(float, row[-3:])
        assert h1 > 0
        assert h2 > 0
        assert rle == 0
    assert cv2.imread(str(out)).std() > 0


def test_norms_of_losses():
    tool = runpy.run_path(str(TOOLS / 'analysis/sadi_training_signs.py'))
    feature = torch.tensor([3.0, 4.0], requires_grad=True)
    losses = dict(
        loss_h1=feature.square().sum() / 2,
        loss_rle=torch.ones(1, requires_grad=True).sum(),
        acc_pose=feature.sum(),
    )
    assert tool['norms_of'](losses, feature) == dict(loss_h1=5.0, loss_rle=0.0)


def test_density_from_a_checkpoint(run_tool, tmp_path):
    torch.manual_seed(0)
    model = build_from_config(CONFIG)
    torch.save({'state_dict': model.state_dict(), 'meta': {}}, tmp_path / 'm.pth')
    out = tmp_path / 'density.png'
    assert (
        run_tool(
            'analysis/paper_figures.py', 'density', CONFIG, tmp_path / 'm.pth', out
        )
        == 0
    )
    assert cv2.imread(str(out)).std() > 0


@pytest.mark.parametrize(
    ('tool', 'arguments', 'message'),
    [
        ('paper_figures', ('runs', 'r.png', '--run', 'a', 'none'), 'no vis_data'),
        (
            'paper_figures',
            ('hard', 'h.png', '--num', '0', '--model', 'a', 'b', 'c'),
            'must be at least 1',
        ),
        ('paper_figures', ('h1h2', 'none.py', 'none.pth', 'o.png'), 'none.py'),
        ('bench_sadinet', ('--batch', '1'), 'give 2 or more'),
        ('bench_pyramid', ('--batch', '0'), 'give 1 or more'),
    ],
)
def test_bad_input_is_one_line(run_tool, capsys, tool, arguments, message):
    folder = 'benchmarks' if tool.startswith('bench') else 'analysis'
    assert run_tool(f'{folder}/{tool}.py', *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    assert message in error
