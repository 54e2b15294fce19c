"""The transcribed tables: their form, their configs and their counts."""

from pathlib import Path

import pytest
from ledger_cases import TABLES

from mmpose_ext.analysis.metafile import find_metafiles
from mmpose_ext.leaderboard.audit import audit_page
from mmpose_ext.leaderboard.budgets import config_of_run
from mmpose_ext.leaderboard.families import COUNTS
from mmpose_ext.leaderboard.paths import resolve_config
from mmpose_ext.leaderboard.plan import Run, config_of_row, plan_runs, select_rows
from mmpose_ext.leaderboard.protocols import protocol_of
from mmpose_ext.leaderboard.report import counts_of
from mmpose_ext.leaderboard.table_files import find_boards, pick_board, read_board
from mmpose_ext.utils.config import load_config
from mmpose_ext.utils.errors import UserError

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
BOARDS = {board.folder: board for board in find_boards(CONFIGS)}
ROWS = [
    (board, table, row)
    for board in BOARDS.values()
    for table in board.tables
    for row in table.rows
]
MODELS = {e.name: e for file in find_metafiles(CONFIGS) for e in file.entries}


def test_every_paper_has_its_tables():
    assert set(BOARDS) >= {path.parent.name for path in CONFIGS.glob('*/metafile.yml')}
    printed = {
        (board.folder, table.number, row.name): row.values for board, table, row in ROWS
    }
    # Read anew from the papers.
    assert printed['ca_hrnet', '1', 'CA-HRNet']['ARM'] == 76.2
    assert printed['daunet', '2', 'DAUNet'] == dict(
        Params=38.6,
        GFLOPs=10.8,
        AP=76.1,
        AP50=90.3,
        AP75=82.1,
        APM=72.4,
        APL=81.1,
        AR=80.9,
    )
    assert printed['sdhrnet', '1', 'Lite-HRNet-30']['Wrist'] == 80.6
    assert printed['sadinet', '2', 'SADI-Net']['Mean'] == 94.9
    assert printed['lrfg_yolopose', '1', 'SCA and Implicit Knowledge']['AP'] == 65.9


@pytest.mark.parametrize('name', BOARDS)
def test_configs_exist_and_measure_what_the_row_says(name):
    for board, table, row in ROWS:
        if board.folder != name:
            continue
        where = f'table {table.number}, row {row.name}'
        for data, small in row.small.items():
            protocol = protocol_of(load_config(resolve_config(small), imports=False))
            kind = {'synthetic': 'synthetic figures', 'lspet': 'LSP-extended'}[data]
            assert protocol.dataset == kind, where
        if row.config is None or protocol_free(row):
            continue
        if '::' in row.config:
            continue  # MMPose's own: read by the slow test
        protocol = protocol_of(load_config(resolve_config(row.config), imports=False))
        different = protocol.differences(row.protocol)
        assert [d for d in different if 'not stated' not in d] == [], where


def test_the_audit_page_is_current():
    page = audit_page(list(BOARDS.values()), MODELS, {})
    file = CONFIGS.parent / 'docs' / 'audit.md'
    assert page == file.read_text(encoding='utf-8'), 'run `make docs`'


def protocol_free(row):
    return (
        row.protocol.metric in ('counts', 'not defined')
        or row.protocol.boxes == 'mixed'
    )


def test_printed_counts_of_our_rows_are_what_the_configs_have():
    """Within the last printed digit; the exceptions contradict the papers' own."""
    wrong = set()
    for board, table, row in ROWS:
        here = counts_of(row.config, MODELS)
        for column in set(COUNTS) & set(row.values) if here and row.ours else ():
            digits = len(f'{row.values[column]:g}'.partition('.')[2])
            if round(here[column], digits) != row.values[column]:
                wrong.add((board.folder, table.number, row.name, column))
    # Both are 10.8 in the other tables, and the MPII column has figures of 256x192.
    assert wrong == {
        ('daunet', '1', 'DAUNet', 'GFLOPs'),
        ('daunet', '5', 'SCRU+SGE+IBN', 'GFLOPs'),
    }


@pytest.fixture
def tables(tmp_path):
    def write(text=TABLES):
        file = tmp_path / 'configs' / 'my_net' / 'tables.yml'
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return write


def test_rows_and_columns(tables):
    board = read_board(tables())
    (table,) = board.tables
    assert table.columns == ['Params', 'AP', 'AP50']
    assert [row.protocol.boxes for row in table.rows] == [
        *['detector'] * 3,
        'ground truth',
    ]
    assert [config_of_row(row, 'small') for row in table.rows] == [
        None,
        'configs/my_net/small_a.py',
        None,
        None,
    ]


@pytest.mark.parametrize(
    ('old', 'new', 'said'),
    [
        ('AP: 72.0', 'AO: 72.0', "unknown column 'AO'; choose from 'Params'"),
        ('AP: 72.0', "AP: '72'", "AP: '72'; write a number"),
        ('AP: 72.0', 'AP: true', 'AP: True; write a number'),
        ('Name: other', 'Name: base', "'base' twice"),
        ('Name: other', 'Nome: other', "unknown key 'Nome'; choose from 'Note'"),
        ('Below: base', 'Below: bass', "unknown row 'bass'; choose from 'base'"),
        ('Metric: OKS AP', 'Metric: OKS', "unknown metric 'OKS'; choose from"),
        ('Paper: MyNet', 'Papers: MyNet', "unknown key 'Papers'"),
        ('  Rows:', '  Rows: 3\n  Raws:', 'has Rows: 3'),
        ('Title: Results', 'Title: [', 'is not valid YAML'),
        ('Audit:', 'Audit:\n  Specifics: []', "unknown key 'Specifics'"),
    ],
)
def test_a_wrong_entry_is_named(tables, old, new, said):
    assert old in TABLES
    with pytest.raises(UserError) as error:
        read_board(tables(TABLES.replace(old, new)))
    assert said in str(error.value)
    assert 'tables.yml' in str(error.value)
    assert '\n' not in str(error.value)


def test_plan_has_each_config_once_a_seed(tables):
    board = read_board(tables())
    runs = plan_runs(board, select_rows(board), seeds=(0, 3))
    assert [run.name for run in runs] == [
        'b__full__seed0',
        'a__full__seed0',
        'c__full__seed0',
        'b__full__seed3',
        'a__full__seed3',
        'c__full__seed3',
    ]
    (small,) = plan_runs(board, select_rows(board), 'small')
    assert small.config == 'configs/my_net/small_a.py'
    assert small.data == 'synthetic'
    only = select_rows(board, '1', ['gt'])
    assert [row.name for _, row in only] == ['gt']


def test_a_small_budget_is_one_for_all_networks_of_a_data_set():
    """The same steps, data and rates, below the config's own and beneath options."""
    found = {}
    for board in BOARDS.values():
        if board.folder == 'lsp_extended':
            continue  # its data are others
        for run in plan_runs(board, select_rows(board), 'small'):
            config = config_of_run(run, imports=False)
            data = config.train_dataloader.dataset
            found.setdefault(config.get('data_mode'), set()).add(
                (config.train_cfg.max_epochs, data.num_images, data.persons)
            )
    assert found == {'topdown': {(6, 800, (1, 1))}, 'bottomup': {(8, 1000, (1, 1))}}
    options = {'train_cfg.max_epochs': 1}
    run = Run('sadinet', run.config, 'small', 0, options, 'synthetic')
    assert config_of_run(run, imports=False).train_cfg.max_epochs == 1
    full = Run('sadinet', run.config, 'full', 0)
    assert config_of_run(full, imports=False).train_cfg.max_epochs == 8


def test_a_plan_of_nothing_is_refused(tables):
    board = read_board(tables())
    for call, said in (
        (lambda: select_rows(board, '2'), "no table '2'; choose from '1'"),
        (lambda: select_rows(board, None, ['MyNat']), "choose from 'MyNet'"),
        (
            lambda: plan_runs(board, select_rows(board, None, ['other'])),
            'none of these',
        ),
        (lambda: plan_runs(board, select_rows(board), seeds=(1, 1)), 'seeds [1, 1]'),
        (lambda: plan_runs(board, select_rows(board), seeds=(-1,)), 'seeds [-1]'),
        (lambda: plan_runs(board, select_rows(board), 'small', data='coco'), 'coco'),
        (lambda: pick_board(tables().parents[1], 'my_nut'), "choose from 'my_net'"),
    ):
        with pytest.raises(UserError) as error:
            call()
        assert said in str(error.value)
