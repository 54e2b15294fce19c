from pathlib import Path

import cv2
import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.visualization.tradeoff import COLUMNS, draw_tradeoff, read_records

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / 'docs' / 'papers' / 'sdhrnet_results.csv'


def write(path, *rows):
    path.write_text('\n'.join([','.join(COLUMNS), *rows]) + '\n')
    return path


def test_the_papers_table_is_marked_as_the_papers():
    records = read_records(RESULTS)
    coco = {r.label: r for r in records if r.dataset == 'COCO'}
    assert coco['SDHRNet'].value == 73.2
    assert coco['SDHRNet'].source == 'paper'
    assert coco['SDHRNet'].cost('params') == 16.8
    assert coco['Simple baseline, ResNet-50'].cost('gflops') == 8.9
    mpii = {r.label: r.value for r in records if r.dataset == 'MPII'}
    assert mpii['SDHRNet'] == 89.9
    assert all(r.source == 'paper' for r in records if r.dataset in ('MPII', 'COCO'))


@pytest.mark.parametrize('cost', ['params', 'gflops'])
def test_both_figures_are_drawn(tmp_path, cost):
    out = draw_tradeoff(
        read_records(RESULTS), ['MPII', 'COCO'], cost, tmp_path / 'figure.png'
    )
    image = cv2.imread(str(out))
    assert image.shape[1] > 1000
    assert image.std() > 5


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
