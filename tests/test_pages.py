"""The pages name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*ROOT.glob('*.md'), *ROOT.glob('docs/**/*.md'), *ROOT.glob('configs/*/README.md')]
)
# Files that the reader is to write, by what their names contain.
OWN = ('my_', 'my-', 'toynet')
# A path below the project's folder; one with <, * or {} stands for several.
PATH = re.compile(r'\b(?:configs|tools|tests|mmpose_ext)/[\w./-]+\.\w+(?![\w<*{])')
LINK = re.compile(r'\]\((?!https?:|mailto:|#)([^)#\s]+)')


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize('page', PAGES, ids=name_of)
def test_paths_and_links_exist(page):
    text = page.read_text()
    named = [ROOT / path for path in PATH.findall(text)]
    named += [page.parent / link for link in LINK.findall(text)]
    missing = {
        str(path)
        for path in named
        if not path.exists() and not any(word in str(path) for word in OWN)
    }
    assert not missing


def test_a_page_with_a_wrong_name_would_be_found():
    text = 'run `tools/nothing.py configs/a/b.py` ([page](docs/none.md#part))'
    assert PATH.findall(text) == ['tools/nothing.py', 'configs/a/b.py']
    assert LINK.findall(text) == ['docs/none.md']
