"""Verdicts: tolerances, protocols, seeds and claimed orderings."""

import pytest
from ledger_cases import COCO, TABLES, write
from scipy import stats

from mmpose_ext.leaderboard.audit import audit_page
from mmpose_ext.leaderboard.compare import judge_board
from mmpose_ext.leaderboard.ledger import find_entries
from mmpose_ext.leaderboard.report import markdown_report
from mmpose_ext.leaderboard.table_files import read_board

A, B, C = (f'configs/my_net/{name}.py' for name in 'abc')
SMALL = 'configs/my_net/small_a.py'
FIGURES = dict(
    dataset='synthetic figures',
    split='unseen figures',
    boxes='ground truth',
    metric='PCK@0.2',
)


@pytest.fixture
def board(tmp_path):
    file = tmp_path / 'configs' / 'my_net' / 'tables.yml'
    file.parent.mkdir(parents=True)
    file.write_text(TABLES)
    return read_board(file)


def judge(board, results, budget='full'):
    entries = list(find_entries(results, 'my_net'))
    rows, claims = judge_board(board, entries, budget)['1']
    return {row.row.name: row for row in rows}, claims[0] if claims else None


@pytest.mark.parametrize(
    ('ap', 'verdict'),
    [
        (72.0, 'reproduced'),
        (72.5, 'reproduced'),  # the tolerance of AP is 0.5
        (71.5, 'reproduced'),
        (72.6, 'above'),
        (71.4, 'below'),
    ],
)
def test_tolerance(board, tmp_path, ap, verdict):
    write(tmp_path, ap)
    rows, _ = judge(board, tmp_path)
    assert rows['MyNet'].verdict == verdict
    assert rows['MyNet'].measured['AP'].mean == pytest.approx(ap)
    assert rows['base'].verdict == 'not reproduced'
    assert rows['other'].verdict == 'no config'


def test_the_mean_over_seeds_decides(board, tmp_path):
    for seed, ap in enumerate((70.0, 72.0, 74.0)):
        write(tmp_path, ap, seed)
    rows, _ = judge(board, tmp_path)
    assert rows['MyNet'].verdict == 'reproduced'
    assert str(rows['MyNet'].measured['AP']) == '72.0 ± 2.0 (3 seeds)'


@pytest.mark.parametrize(
    ('changes', 'reason'),
    [
        (dict(protocol={**COCO, 'boxes': 'ground truth'}), 'boxes: ground truth, not'),
        (dict(protocol={**COCO, 'split': 'test-dev2017'}), 'split: test-dev2017, not'),
        (dict(protocol=FIGURES), 'dataset: synthetic figures, not COCO'),
        (dict(options={'train_cfg.max_epochs': 1}), 'changed: train_cfg.max_epochs'),
    ],
)
def test_other_protocols_are_never_compared(board, tmp_path, changes, reason):
    write(tmp_path, 72.0, **changes)
    rows, _ = judge(board, tmp_path)
    assert rows['MyNet'].verdict == 'not comparable'
    assert reason in rows['MyNet'].reason


def test_runs_of_two_configs_are_not_averaged(board, tmp_path):
    write(tmp_path, 72.0, 0)
    write(tmp_path, 72.0, 1, config_hash='other')
    rows, _ = judge(board, tmp_path)
    assert rows['MyNet'].reason == 'the runs have different configs'


def test_a_row_has_its_own_protocol(board, tmp_path):
    write(tmp_path, 75.2, config=C, protocol={**COCO, 'boxes': 'ground truth'})
    rows, _ = judge(board, tmp_path)
    assert rows['gt'].verdict == 'reproduced'


def test_small_runs_are_kept_apart(board, tmp_path):
    write(tmp_path, 72.0, config=SMALL, budget='small', protocol=FIGURES)
    assert judge(board, tmp_path)[0]['MyNet'].verdict == 'not reproduced'
    small, _ = judge(board, tmp_path, 'small')
    assert list(small) == ['MyNet']
    assert small['MyNet'].verdict == 'not comparable'
    assert small['MyNet'].reason == 'budget small'
    assert small['MyNet'].measured['Mean'].mean == 72.0


@pytest.mark.parametrize(
    ('above', 'below', 'verdict'),
    [
        ((72.0, 72.1, 71.9), (70.0, 70.3, 70.1), 'supported'),
        ((70.0, 70.3, 70.1), (72.0, 72.1, 71.9), 'refuted'),
        ((72.0, 70.0, 71.0), (70.0, 71.0, 70.5), 'not decided'),  # p is large
        ((72.0, 72.1), (70.0, 70.1), 'not decided'),  # two seeds
        ((71.0, 71.0, 71.0), (70.0, 70.0, 70.0), 'supported'),
        ((70.0, 71.0, 72.0), (70.0, 71.0, 72.0), 'not decided'),
    ],
)
def test_an_ordering_needs_three_seeds_and_a_test(
    board, tmp_path, above, below, verdict
):
    for config, values in ((A, above), (B, below)):
        for seed, ap in enumerate(values):
            write(tmp_path, ap, seed, config)
    _, claim = judge(board, tmp_path)
    assert claim.verdict == verdict
    assert claim.seeds == len(above)
    mean = sum(above) / len(above) - sum(below) / len(below)
    assert claim.difference == pytest.approx(mean)
    if claim.p not in (None, 0.0, 1.0):
        assert claim.p == pytest.approx(stats.ttest_rel(above, below).pvalue)


def test_only_shared_seeds_are_paired(board, tmp_path):
    for seed in (0, 1, 2):
        write(tmp_path, 72.0 + seed / 10, seed, A)
        write(tmp_path, 70.0, seed + 2, B)
    _, claim = judge(board, tmp_path)
    assert (claim.seeds, claim.verdict) == (1, 'not decided')
    assert claim.difference == pytest.approx(2.2)


def test_orderings_across_protocols_are_not_tested(board, tmp_path):
    for seed in range(3):
        write(tmp_path, 76.0 + seed / 10, seed, A, {**COCO, 'boxes': 'ground truth'})
        write(tmp_path, 74.0, seed, B)
    _, claim = judge(board, tmp_path)
    assert (claim.verdict, claim.difference) == ('not decided', None)


def test_reports_say_all_of_it(board, tmp_path):
    write(tmp_path, 71.0)
    entries = list(find_entries(tmp_path, 'my_net'))
    text = markdown_report(board, judge_board(board, entries, 'full'), 'full')
    assert '| MyNet * | 72.0 | 71.0 (1 seed) | -1.0 | below |' in text
    assert '| base | 70.0 | | | not reproduced |' in text
    assert '| MyNet above base (AP) | | 0 | | not decided |' in text
    page = audit_page([board], {}, {'my_net': entries})
    assert '- the table and the text' in page
    assert '| 1 | MyNet | 72 AP | below, 71.0 (1 seed) |' in page
