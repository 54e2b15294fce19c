"""The pages name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READMES = sorted(ROOT.glob('configs/*/README.md'))
PAGES = sorted([*ROOT.glob('*.md'), *ROOT.glob('docs/**/*.md'), *READMES])
# Files that the reader is to write, by what their names contain.
OWN = ('my_', 'my-', 'toynet')
# A path or pattern below the project's folder; one with < or { stands for several.
PATH = re.compile(
    r'(?<![\w/])(?:configs|docs|tools|tests|mmpose_ext)/[\w./*-]+\.\w+(?![\w<{])'
)
LINK = re.compile(r'\]\((?!https?:|mailto:|#)([^)#\s]+)')


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize('page', PAGES, ids=name_of)
def test_paths_and_links_exist(page):
    text = page.read_text(encoding='utf-8')
    paths, links = PATH.findall(text), LINK.findall(text)
    absent = [path for path in paths if not list(ROOT.glob(path))]
    if page.name == 'CHANGELOG.md':
        absent = []  # it also names what is gone
    absent += [link for link in links if not (page.parent / link).exists()]
    absent = [name for name in absent if not any(word in name for word in OWN)]
    assert not absent, f'{name_of(page)} names files that do not exist: {absent}'


@pytest.mark.parametrize('page', READMES, ids=name_of)
def test_a_papers_page_has_links_and_commands(page):
    text = page.read_text(encoding='utf-8')
    assert LINK.findall(text), f'{name_of(page)} links to no config and no document'
    assert PATH.findall(text), f'{name_of(page)} has no command with a config or tool'


def test_wrong_names_would_be_found():
    text = 'run `tools/nothing.py configs/a/*_b.py` ([page](docs/none.md#part))'
    assert PATH.findall(text) == [
        'tools/nothing.py',
        'configs/a/*_b.py',
        'docs/none.md',
    ]
    assert LINK.findall(text) == ['docs/none.md']
