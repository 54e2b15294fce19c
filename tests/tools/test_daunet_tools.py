import json
from pathlib import Path

import cv2
import pytest

TOOLS = Path(__file__).resolve().parents[2] / 'tools'


def test_decoders_are_compared(run_tool, capsys):
    arguments = ('--num', 50, '--size', 64, 96, '--noise', 0.01)
    assert run_tool('analysis/compare_decoding.py', *arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(',')[0] for line in lines[1:]] == [
        'at the pixel',
        'at the pixel',
        'at the joint',
        'at the joint',
    ]
    quantized = [float(number) for number in lines[1].split()[-4:]]
    # Symmetric maps: MSRA does not move, eq. 1 moves a quarter of four pixels.
    assert quantized[0] == quantized[1]
    assert quantized[3] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ('tool', 'arguments', 'message'),
    [
        ('analysis/compare_decoding.py', ('--size', '65', '96'), 'multiples of 4'),
        (
            'benchmarks/bench_daunet.py',
            ('--batch', '1'),
            '--batch 1 is too small',
        ),
        ('analysis/paper_figures.py', ('curves', 'none', 'c.png'), 'no vis_data'),
        (
            'analysis/paper_figures.py',
            ('skeletons', 'none.py', 'none.pth', 'g.png'),
            'none.py',
        ),
    ],
)
def test_bad_input_is_one_line(run_tool, capsys, tool, arguments, message):
    assert run_tool(tool, *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    assert message in error


def test_curves_of_a_recorded_run(run_tool, tmp_path):
    folder = tmp_path / '20260101_000000' / 'vis_data'
    folder.mkdir(parents=True)
    records = [
        {'loss': 2.0, 'epoch': 1, 'step': 1},
        {'PCK': 0.5, 'step': 1},
        {'loss': 1.0, 'epoch': 2, 'step': 2},
        {'PCK': 0.75, 'step': 2},
    ]
    lines = '\n'.join(json.dumps(record) for record in records)
    (folder / 'scalars.json').write_text(lines)
    out = tmp_path / 'curves.png'
    assert run_tool('analysis/paper_figures.py', 'curves', tmp_path, out) == 0
    assert cv2.imread(str(out)).std() > 0
