"""The HTML report: complete in itself, sortable, readable on a phone."""

import json
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ledger_cases import TABLES, write

from mmpose_ext.leaderboard.compare import judge_board
from mmpose_ext.leaderboard.html_report import html_report
from mmpose_ext.leaderboard.ledger import find_entries
from mmpose_ext.leaderboard.table_files import read_board

CHROMIUM = shutil.which('chromium')
# Writes into the page what a reader's clicks and a request would lead to.
PROBE = """
<script>window.onload = () => {
  const table = document.querySelector('table'), head = table.tHead.rows[0].cells[1];
  const read = () => [...table.tBodies[0].rows].map(row => row.cells[1].textContent);
  head.click(); const up = read().join(' ');
  head.click(); const down = read().join(' ');
  const page = document.documentElement;
  document.body.innerHTML = `<pre>found:
up ${up}
down ${down}
charts ${document.querySelectorAll('.plotly .main-svg').length > 0}
wide ${page.scrollWidth > page.clientWidth}
requests ${performance.getEntriesByType('resource').filter(
  entry => !entry.name.startsWith('data:')).length}</pre>`;
};</script>
"""


@pytest.fixture
def page_of(tmp_path):
    """Make the report of three runs; a function may add files to the first."""
    file = tmp_path / 'configs' / 'my_net' / 'tables.yml'
    file.parent.mkdir(parents=True)
    file.write_text(TABLES.replace('Paper: MyNet', 'Paper: <My & Net>'))
    board = read_board(file)

    def make(leave):
        results = Path(tempfile.mkdtemp(dir=tmp_path))
        leave(write(results, 71.0))
        for seed in (0, 1):
            write(results, 69.8 + seed / 10, seed, 'configs/my_net/b.py')
        judged = judge_board(board, list(find_entries(results, 'my_net')), 'full')
        return html_report([(board, judged)], {}, 'full')

    return make


@pytest.fixture
def page(page_of):
    return page_of(
        lambda folder: (folder / 'predictions.jpg').write_bytes(b'a picture')
    )


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if k in ('src', 'href')]


def test_nothing_is_fetched_and_text_is_escaped(page):
    links = Links()
    links.feed(page)
    assert len(links.found) == 2  # the icon and one picture
    assert all(link.startswith('data:') for link in links.found)
    assert '&lt;My &amp; Net&gt;' in page
    assert '<My & Net>' not in page
    rows = re.findall(r'<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>', page)
    assert ('MyNet *', '72.0', '71.0 (1 seed)') in rows
    assert 'class="verdict bad">below</span>' in page
    assert 'class="verdict ">not reproduced</span>' in page


@pytest.mark.skipif(not CHROMIUM, reason='needs Chromium')
@pytest.mark.parametrize('width', [1280, 390])
def test_in_a_browser(page, tmp_path, width):
    file = tmp_path / 'report.html'
    file.write_text(page.replace('</body>', PROBE + '</body>'))
    done = subprocess.run(
        [
            *(
                CHROMIUM,
                '--headless',
                '--no-sandbox',
                '--disable-gpu',
                '--no-first-run',
            ),
            *('--disable-quic', '--disable-background-networking'),
            *('--disable-component-update', '--disable-sync'),
            *(f'--user-data-dir={tmp_path}/profile', f'--window-size={width},900'),
            *('--virtual-time-budget=10000', '--dump-dom', file.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = dict(re.findall(r'^(\w+) (.*?)(?:</pre>.*)?$', done.stdout, re.MULTILINE))
    # An empty cell and one without a number come last, then first.
    assert found['up'] == '60.0 70.0 72.0 75.0'
    assert found['down'] == '75.0 72.0 70.0 60.0'
    assert found['charts'] == 'true'
    assert found['wide'] == 'false'
    assert found['requests'] == '0'


def test_precision_and_recall_of_the_first_run(page_of, tmp_path):
    curves = dict(
        oks_thresholds=[0.5, 0.6, 0.75],
        recall=[0.0, 0.5, 1.0],
        precision=[[1.0, 0.75, 0.125], [0, 0, 0], [0.625, 0.25, 0.0]],
    )

    def leave(folder):
        (folder / 'test.curves.json').write_text(json.dumps(curves))

    page = page_of(leave)
    assert 'MyNet, OKS 0.5' in page
    assert 'MyNet, OKS 0.75' in page
    assert 'OKS 0.6' not in page
    assert '[1.0,0.75,0.125]' in page
    assert '[0.625,0.25,0.0]' in page
    assert 'Precision and recall' not in page_of(lambda folder: None)
