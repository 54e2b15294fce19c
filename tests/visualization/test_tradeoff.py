from pathlib import Path

import cv2
import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.visualization.tradeoff import COLUMNS, draw_tradeoff, read_records

TABLES = Path(__file__).resolve().parents[2] / 'configs' / 'sdhrnet' / 'tables.yml'
TOOL = 'analysis/draw_tradeoff.py'


def write(path, *rows):
    path.write_text('\n'.join([','.join(COLUMNS), *rows]) + '\n')
    return path


@pytest.mark.parametrize('cost', ['params', 'gflops'])
def test_both_figures_of_sdhrnet_are_drawn(tmp_path, run_tool, cost):
    # Two panels from two tables, and one's own network in a third.
    own = write(tmp_path / 'own.csv', 'own data,m,b,30,5,AP,70,measured')
    widths = []
    for name, files in (('a.png', [TABLES]), ('b.png', [TABLES, own])):
        out = tmp_path / name
        arguments = ('--tables', 1, 2, '--cost', cost, '--out', out)
        assert run_tool(TOOL, *files, *arguments) == 0
        image = cv2.imread(str(out))
        assert image.std() > 5
        widths.append(image.shape[1])
    assert widths[1] == pytest.approx(1.5 * widths[0], abs=1)


def test_tables_without_such_rows(tmp_path, run_tool, capsys):
    out = ('--cost', 'params', '--out', tmp_path / 'a.png')
    assert run_tool(TOOL, TABLES, '--tables', 9, *out) == 2
    assert "sdhrnet has no table '9'" in capsys.readouterr().err
    other = TABLES.parents[1] / 'sadinet' / 'tables.yml'
    assert run_tool(TOOL, other, '--tables', 1, *out) == 2
    assert 'prints parameters and an accuracy' in capsys.readouterr().err


def test_hollow_and_filled_differ(tmp_path):
    pictures = []
    for source in ('paper', 'measured'):
        row = f'A,m,b,30,5,AP,70,{source}'
        records = read_records(write(tmp_path / 'a.csv', row))
        path = draw_tradeoff(records, ['A'], 'params', tmp_path / f'{source}.png')
        pictures.append(cv2.imread(str(path)).mean())
    assert pictures[1] < pictures[0]


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'holds no row'),
        ('dataset,method\nA,m\n', 'lacks backbone, params_m'),
        (','.join(COLUMNS) + '\nA,m,b,x,5,AP,70,paper\n', 'line 2: params_m'),
        (','.join(COLUMNS) + '\nA,m,b,1,,AP,70,me\n', "line 2: source='me'"),
    ],
)
def test_a_bad_table(tmp_path, text, message):
    path = tmp_path / 'bad.csv'
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        read_records(path)


def test_no_table_no_data_set_no_cost(tmp_path):
    with pytest.raises(UserError, match=r'cannot read .*nowhere\.csv'):
        read_records(tmp_path / 'nowhere.csv')
    records = read_records(write(tmp_path / 'a.csv', 'A,m,b,30,,AP,70,paper'))
    out = tmp_path / 'x.png'
    with pytest.raises(UserError, match=r"'B' gives parameters.*recorded.*A"):
        draw_tradeoff(records, ['B'], 'params', out)
    with pytest.raises(UserError, match="'A' gives GFLOPs"):
        draw_tradeoff(records, ['A'], 'gflops', out)
    with pytest.raises(
        ValueError, match="cost='time' is unknown; choose from 'params'"
    ):
        draw_tradeoff(records, ['A'], 'time', out)
    assert not out.exists()
