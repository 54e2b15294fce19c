"""The command lines of SADI-Net's figures and benchmark."""

import json
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
