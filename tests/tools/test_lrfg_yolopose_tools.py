import runpy
from pathlib import Path

import pytest
import torch

TOOLS = Path(__file__).resolve().parents[2] / 'tools'
BENCH = 'benchmarks/bench_lrfg_yolopose.py'


def test_the_benchmark_measures_every_model(run_tool, capsys):
    arguments = ('--size', 64, '--repeats', 1, '--candidates', 5)
    arguments += ('--predictions', 400, '--people', 5)
    assert run_tool(BENCH, *arguments) == 0
    out = capsys.readouterr().out
    for name in ('LRFG-YOLOPose', 'YOLO-Pose', 'YOLOX-Pose-s', 'RTMO-s'):
        assert out.count(f' {name} ') == 2
    assert 'the first two agree: True' in out


def test_boxes_of_a_crowd():
    crowd = runpy.run_path(str(TOOLS / BENCH))['crowd']
    boxes, scores = crowd(1001, 7)
    assert boxes.shape == (1001, 4)
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert scores.min() > 0.001
    assert scores.max() < 1
    torch.testing.assert_close(crowd(1001, 7)[0], boxes, rtol=0, atol=0)


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (('--size', '100'), '--size 100 is not a multiple of 64'),
        (('--repeats', '0'), '--repeats 0 is too small; give 1 or more'),
        (('--people', '0'), 'must be 1 or more'),
    ],
)
def test_bad_input_is_one_line(run_tool, capsys, arguments, message):
    assert run_tool(BENCH, *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    assert message in error
