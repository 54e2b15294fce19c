"""Points of SDHRNet's figures, against its Tables 1-3."""

import math
from pathlib import Path

import pytest

from mmpose_ext.leaderboard.table_files import pick_board
from mmpose_ext.leaderboard.tradeoff_records import printed_records
from mmpose_ext.utils import UserError

BOARD = pick_board(Path(__file__).resolve().parents[2] / 'configs', 'sdhrnet')


def test_rows_with_parameters_of_both_tables():
    records = printed_records(BOARD, ['1', '2'])
    mpii = {r.label: r for r in records if r.dataset == 'MPII val'}
    coco = {r.label: r for r in records if r.dataset == 'COCO val2017'}
    # CMU Pose, SPM and RMPE have no parameters.
    assert (len(mpii), len(coco), len(records)) == (9, 11, 20)
    ours = mpii['SDHRNet']
    assert (ours.params, ours.gflops, ours.value) == (16.8, 6.0, 89.9)
    assert (ours.metric, ours.source) == ('PCKh@0.5', 'paper')
    assert coco['SDHRNet'].value == 73.2
    assert math.isnan(coco['LitePose-XS'].cost('gflops'))


def test_rows_that_are_printed_twice_are_taken_once():
    every = printed_records(BOARD)
    assert len(every) == len(set(every))
    # HRNet has other operations in the ablations: 9.5, the MPII figure.
    hrnet = [
        r.gflops for r in every if (r.dataset, r.method) == ('COCO val2017', 'HRNet')
    ]
    assert hrnet == [7.1, 9.5]


def test_a_table_that_is_not_there():
    with pytest.raises(UserError, match=r"sdhrnet has no table '9'; choose from '1'"):
        printed_records(BOARD, ['1', '9'])
