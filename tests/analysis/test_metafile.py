from pathlib import Path

import pytest

from mmpose_ext.analysis.doc_tables import Numbers, pages_of, render_table, update_page
from mmpose_ext.analysis.metafile import find_metafiles, read_metafile
from mmpose_ext.leaderboard.table_files import printed_rows
from mmpose_ext.utils import UserError

ROOT = Path(__file__).resolve().parents[2]
METAFILE = """
Collections:
- Name: Toy
  Baselines:
  - Name: mean pose
    Results:
    - {Dataset: LSP, Metrics: {PCK@0.2: 4.25, Head: 3.5}}
Models:
- Name: toy
  In Collection: Toy
  Config: configs/toy/toy.py
  Metadata: {Parameters: 12345678, Operations: 3221225472, FLOPs: 2500000000}
  Paper Counts: {Parameters (M): 12.3}
  Results:
  - {Dataset: LSP, Metrics: {PCK@0.2: 34.26}}
  - {Dataset: 'LSP, flip', Metrics: {PCK@0.2: 40.0}}
"""


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / 'configs' / 'toy' / 'metafile.yml'
    path.parent.mkdir(parents=True)
    path.write_text(METAFILE)
    return path


@pytest.fixture
def numbers(toy):
    return Numbers([read_metafile(toy)], {'toy, 1, Rival': {'AP': 74.4}})


def test_an_entry_looks_up_counts_with_units_and_metrics(toy):
    metafile = read_metafile(toy)
    (entry,) = metafile.entries
    assert entry.config == toy.parents[2] / 'configs/toy/toy.py'
    assert entry.lookup('Parameters') == 12345678
    assert entry.lookup('Parameters (M)') == 12.345678
    assert entry.lookup('Operations (2^30)') == 3.0
    assert entry.lookup('FLOPs (10^9)') == 2.5
    assert entry.lookup('printed Parameters (M)') == 12.3
    assert entry.lookup('printed FLOPs (10^9)') is None
    assert entry.lookup('PCK@0.2', 'LSP') == 34.26
    assert entry.lookup('PCK@0.2') is None
    assert metafile.baselines['mean pose']['LSP']['Head'] == 3.5


def test_a_table_takes_its_values_from_models_baselines_and_the_paper(numbers):
    spec = dict(
        dataset='LSP',
        columns={
            '': '{label}',
            'PCK': '{PCK@0.2:.1f}',
            'flip': '{PCK@0.2 @ LSP, flip:.1f}',
            'AP': '{AP}',
        },
        rows=[
            dict(model='toy', label='toy ({Parameters (M):.2f} M)'),
            dict(baseline='mean pose', label='mean'),
            dict(paper='toy, 1, Rival', label='rival'),
            dict(model='toy', label='flipped', dataset='LSP, flip'),
        ],
    )
    assert render_table(spec, numbers) == (
        '| | PCK | flip | AP |\n'
        '|---|---|---|---|\n'
        '| toy (12.35 M) | 34.3 | 40.0 | |\n'
        '| mean | 4.2 | | |\n'
        '| rival | | | 74.4 |\n'
        '| flipped | 40.0 | 40.0 | |\n'
    )


def test_a_page_keeps_its_text_and_gets_its_table_anew(numbers):
    spec = "<!-- table\ncolumns: {M: '{Parameters}'}\nrows: [{model: toy}]\n-->\n"
    page = f'before\n\n{spec}| stale |\n<!-- /table -->\nafter\n'
    fresh = f'before\n\n{spec}| M |\n|---|\n| 12345678 |\n<!-- /table -->\nafter\n'
    assert update_page(page, numbers) == fresh
    assert update_page(fresh, numbers) == fresh


@pytest.mark.parametrize(
    ('table', 'message'),
    [
        ('rows: [{model: toy}]', r'page\.md, line 2: .*columns'),
        ("columns: {M: '{x}'}\nrows: [{model: nobody}]", 'no tables.yml has'),
        ('columns: [', r'page\.md, line 2'),
        ('columns: Unheard of\nrows: []', r'page\.md, line 2.*Unheard of'),
    ],
)
def test_a_wrong_table_is_one_line(numbers, table, message):
    page = f'\n<!-- table\n{table}\n-->\n<!-- /table -->\n'
    with pytest.raises(UserError, match=message):
        update_page(page, numbers, 'page.md')


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('  Config: configs/toy/toy.py\n', '', "lacks 'Config'"),
        ('Models:', 'Models: [', 'not valid YAML'),
    ],
)
def test_a_wrong_metafile_is_one_line(toy, old, new, message):
    toy.write_text(METAFILE.replace(old, new))
    with pytest.raises(UserError, match=message) as error:
        read_metafile(toy)
    assert '\n' not in str(error.value)


def test_the_tables_of_the_documents_are_current():
    configs = ROOT / 'configs'
    numbers = Numbers(find_metafiles(configs), printed_rows(configs))
    pages = {page: page.read_text(encoding='utf-8') for page in pages_of(ROOT)}
    assert sum(text.count('<!-- table\n') for text in pages.values()) >= 10
    stale = [
        str(page.relative_to(ROOT))
        for page, text in pages.items()
        if update_page(text, numbers, page.name) != text
    ]
    assert not stale, f'run `make docs`: {stale}'
