"""The benchmark of single blocks prints every part of every branch."""

import runpy
from pathlib import Path

import pytest
import torch

from mmpose_ext.models.layers import SCRBlock

BENCH = 'benchmarks/bench_sdhrnet.py'
TOOL = Path(__file__).resolve().parents[2] / 'tools' / BENCH


def test_blocks(run_tool, capsys):
    assert run_tool(BENCH, '--blocks', '--repeats', 1, '--batch', 1) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 4 * 2 * 5
    shares = [float(line.split()[-1]) for line in lines[1:] if 'basic block' in line]
    assert shares == [1.0] * 8


def test_training_reaches_the_layer_and_inference_does_not():
    run_layer = runpy.run_path(str(TOOL))['run_layer']
    block = SCRBlock(8, 8)
    x = torch.randn(2, 8, 4, 4, requires_grad=True)
    with torch.no_grad():
        run_layer(block, x)
    assert x.grad is None
    run_layer(block, x)
    assert x.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (('--batch', '0'), 'must be positive'),
        (('--blocks', '--repeats', '0'), '--repeats 0 is too small'),
        (('--blocks', '--device', 'tpu9'), '--device tpu9: this device cannot be used'),
    ],
)
def test_bad_input_is_one_line(run_tool, capsys, arguments, message):
    assert run_tool(BENCH, *arguments) == 2
    assert message in capsys.readouterr().err
