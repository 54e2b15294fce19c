"""Generate the audit page, and the tables of README and documents.

`make docs` runs this; with --check it changes nothing and fails if a page is outdated.
"""

import argparse
from pathlib import Path

from mmpose_ext.analysis.doc_tables import Numbers, pages_of, update_page
from mmpose_ext.analysis.metafile import find_metafiles
from mmpose_ext.leaderboard.audit import audit_page
from mmpose_ext.leaderboard.table_files import find_boards, printed_rows
from mmpose_ext.utils import UserError, atomic_write, run_cli

ROOT = Path(__file__).resolve().parents[2]
CONFIGS, AUDIT = ROOT / 'configs', ROOT / 'docs' / 'audit.md'


def audit() -> str:
    """Return the audit page, without runs."""
    models = {e.name: e for file in find_metafiles(CONFIGS) for e in file.entries}
    return audit_page(list(find_boards(CONFIGS)), models, {})


def main() -> None:
    """Rewrite the pages whose tables changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--check', action='store_true', help='change nothing')
    args = parser.parse_args()
    numbers = Numbers(find_metafiles(CONFIGS), printed_rows(CONFIGS))
    stale = []
    for page in [*pages_of(ROOT), AUDIT]:
        name = str(page.relative_to(ROOT))
        text = page.read_text(encoding='utf-8') if page.exists() else ''
        new = audit() if page == AUDIT else update_page(text, numbers, name)
        if new == text:
            continue
        stale.append(name)
        if not args.check:
            with atomic_write(page) as temporary:
                temporary.write_text(new, encoding='utf-8')
            print(f'updated {name}')
    if stale and args.check:
        raise UserError(
            f'tables differ from the metafiles in {", ".join(stale)}', 'run `make docs`'
        )


if __name__ == '__main__':
    run_cli(main)
