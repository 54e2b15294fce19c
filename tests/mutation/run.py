"""Mutation check of layers, losses, heads and codecs: ``make mutants``.

    make mutants                            every file of FOLDERS
    make mutants FILES="models/layers/sge"  these alone
    make mutants ARGS=--report              what is known, without running anything
    make mutants ARGS=--survivors           run the survivors again, after new tests
    make mutants ARGS="--sample 100"        at most so many of each file, the same again

Cosmic Ray changes one operator, number or truth value of a copy of the checkout, and
the tests of that file must fail. Each mutant costs about a second: the tests run in a
fork of a process that has imported MMPose (see ``server.py``). Results are kept in
``build/mutants``; an interrupted run goes on where it stopped, and a file that has
changed starts again. docs/mutants.md argues the survivors.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / 'build' / 'mutants'
TREE = WORK / 'tree'
TOOL = WORK / 'env' / 'bin'
COPIED = ('mmpose_ext', 'mmpose_ext_cli', 'tests', 'configs', 'tools')
FOLDERS = ('models/layers', 'models/losses', 'codecs', 'models/heads')
SECONDS = 120
# Annotations such as `int | None` count as operators; a shift or a remainder in the
# place of a product is no slip that anybody makes; without its decorator a class is
# not registered, and all its tests fail.
CONFIG = """
[cosmic-ray]
module-path = "{module}"
timeout = {seconds}.0
excluded-modules = []
test-command = "{command}"

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = [
    "core/ReplaceBinaryOperator_BitOr_",
    "core/ReplaceBinaryOperator_.*_(Mod|LShift|RShift|BitOr|BitAnd|BitXor)$",
    "core/ReplaceUnaryOperator_.*_(Invert|Not)$",
    "core/RemoveDecorator",
]
"""


def chosen(names: list[str]) -> list[Path]:
    """Files to mutate, relative to the package."""
    package = ROOT / 'mmpose_ext'
    wanted = names or FOLDERS
    found: list[Path] = []
    for name in wanted:
        path = package / name.removeprefix('mmpose_ext/')
        files = path.rglob('*.py') if path.is_dir() else [path.with_suffix('.py')]
        found += sorted(f for f in files if f.name != '__init__.py')
    if missing := [path for path in found if not path.is_file()]:
        sys.exit(f'mutants: {missing[0]} does not exist; name files of mmpose_ext/')
    return [path.relative_to(package) for path in found]


def tests_of(module: Path) -> list[str]:
    """The tests of a file, relative to the checkout."""
    folder = ROOT / 'tests' / module.parent
    own = sorted(folder.glob(f'test_{module.stem}.py'))
    if len(module.parts) > 3:  # the files of one head are tested together
        beside = folder.parent.glob(f'test_{folder.name}*.py')
        own = sorted({*folder.glob('test_*.py'), *beside})
    # The searches and targets of a batch are tested through the codecs, too.
    if not own or module.parts[0] == 'codecs':
        own = sorted(folder.glob('test_*.py'))
    return [str(path.relative_to(ROOT)) for path in own]


def refresh() -> None:
    """Make the copy equal to the checkout; a killed run leaves a mutant in it."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in COPIED:
        ignore = shutil.ignore_patterns('__pycache__', '.mim')
        shutil.copytree(ROOT / name, TREE / name, ignore=ignore)
    shutil.copy(ROOT / 'pyproject.toml', TREE)
    # Found out of date by content: a mutant may be as old and long as the original.
    command = ['-m', 'compileall', '-q', '--invalidation-mode', 'checked-hash']
    subprocess.run([sys.executable, *command, TREE / 'mmpose_ext'], check=True)


def session_of(module: Path) -> Path:
    """The data base of a file's mutants, another one for each content."""
    content = (ROOT / 'mmpose_ext' / module).read_bytes()
    name = '.'.join(module.with_suffix('').parts)
    return WORK / f'{name}-{hashlib.sha256(content).hexdigest()[:12]}.sqlite'


def prepare(module: Path, command: list) -> tuple[Path, Path]:
    """Return the data base and the configuration, made where there are none."""
    session = session_of(module)
    config = session.with_suffix('.toml')
    text = CONFIG.format(
        module=Path('mmpose_ext') / module,
        seconds=SECONDS,
        command=' '.join(map(str, command)),
    )
    config.write_text(text)
    if not session.exists():
        new = session.with_suffix('.new')
        for tool in (
            ['cosmic-ray', 'init', config, new, '--force'],
            ['cr-filter-operators', new, config],
        ):
            run = [TOOL / tool[0], *tool[1:]]
            subprocess.run(run, cwd=TREE, check=True, stdout=subprocess.DEVNULL)
        new.rename(session)
    return session, config


def counts(session: Path) -> dict[str, int]:
    """Mutants of a session by outcome; those that are filtered out do not count."""
    rows = query(
        session,
        "SELECT CASE WHEN output = 'timeout' THEN 'TIMEOUT' ELSE "
        "coalesce(test_outcome, 'OPEN') END, count(*) FROM work_items LEFT JOIN "
        "work_results USING (job_id) WHERE coalesce(worker_outcome, '') != 'SKIPPED' "
        'GROUP BY 1',
    )
    return dict(rows)


def query(session: Path, text: str) -> list:
    """Run one statement on a session."""
    with closing(sqlite3.connect(session, timeout=60)) as database, database:
        return database.execute(text).fetchall()


def park(session: Path, number: int) -> None:
    """Hide all mutants but a sample, the same in every run; ``unpark`` shows them."""
    places = query(
        session,
        'SELECT job_id FROM mutation_specs WHERE job_id NOT IN (SELECT job_id FROM '
        "work_results WHERE worker_outcome = 'SKIPPED') ORDER BY start_pos_row, "
        'start_pos_col, operator_name, occurrence',
    )
    random.Random(0).shuffle(places)
    done = {job for (job,) in query(session, 'SELECT job_id FROM work_results')}
    for (job,) in places[number:]:
        if job not in done:
            query(
                session,
                'INSERT INTO work_results (job_id, worker_outcome, output) '
                f"VALUES ('{job}', 'SKIPPED', 'not drawn')",
            )


def unpark(session: Path) -> None:
    """Undo ``park``."""
    query(session, "DELETE FROM work_results WHERE output = 'not drawn'")


def execute(
    module: Path,
    session: Path,
    config: Path,
    command: list,
    server: subprocess.Popen,
) -> None:
    """Run a file's open mutants, with a bar."""
    known = counts(session)
    total = sum(known.values())
    if not known.get('OPEN'):
        return
    if subprocess.run(command, cwd=TREE).returncode:
        sys.exit(f'mutants: {" ".join(tests_of(module))} fail without any mutant')
    process = subprocess.Popen(
        [TOOL / 'cosmic-ray', 'exec', config, session],
        cwd=TREE,
        stdout=subprocess.DEVNULL,
    )
    start = total - known['OPEN']
    try:
        with tqdm(total=total, initial=start, desc=str(module), unit='mutant') as bar:
            while process.poll() is None:
                if server.poll() is not None:
                    sys.exit('mutants: the server of the tests has ended')
                time.sleep(1)
                known = counts(session)
                bar.update(total - known.get('OPEN', 0) - bar.n)
                bar.set_postfix(survived=known.get('SURVIVED', 0), refresh=False)
    finally:
        process.terminate()
    if process.returncode:
        sys.exit(f'mutants: Cosmic Ray ended with {process.returncode} on {module}')


def report(modules: list[Path]) -> None:
    """Print the counts of each file, and write the survivors' differences."""
    text, sums = [], [0] * 5
    columns = '{:44}{:>9}{:>9}{:>9}{:>10}{:>7}'
    print(columns.format('file', 'mutants', 'killed', 'too long', 'survived', 'open'))
    for module in modules:
        session = session_of(module)
        known = counts(session) if session.exists() else {}
        killed = known.get('KILLED', 0) + known.get('INCOMPETENT', 0)
        rest = [known.get(key, 0) for key in ('TIMEOUT', 'SURVIVED', 'OPEN')]
        row = [sum(known.values()), killed, *rest]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        shown = row if known else ['not run', *[''] * 4]
        print(columns.format(str(module), *shown))
        if known:
            survivors = "SELECT diff FROM work_results WHERE test_outcome = 'SURVIVED'"
            text += [diff for (diff,) in query(session, survivors)]
    print(columns.format('all', *sums))
    (WORK / 'survivors.diff').write_text('\n'.join(text) + '\n')
    print(f'survivors: {(WORK / "survivors.diff").relative_to(ROOT)}')


def start_server(socket: Path) -> subprocess.Popen:
    """Start the server of the tests and wait until it listens."""
    socket.unlink(missing_ok=True)
    variables = dict(PYTHONPATH=str(TREE), PYTHONDONTWRITEBYTECODE='1')
    server = subprocess.Popen(
        [
            sys.executable,
            '-W',
            'ignore',
            TREE / 'tests' / 'mutation' / 'server.py',
            socket,
        ],
        cwd=TREE,
        env={**os.environ, **variables, 'OMP_NUM_THREADS': '1', 'MKL_NUM_THREADS': '1'},
        stdout=subprocess.DEVNULL,
    )
    while not socket.exists():
        if server.poll() is not None:
            sys.exit('mutants: the server of the tests did not start')
        time.sleep(0.2)
    return server


def main() -> None:
    """Run what is open, then report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('files', nargs='*', help='files or folders of mmpose_ext/')
    parser.add_argument('--report', action='store_true', help='run nothing')
    parser.add_argument('--survivors', action='store_true', help='run them again')
    parser.add_argument('--sample', type=int, help='at most so many of each file')
    options = parser.parse_args()
    if options.sample is not None and options.sample < 1:
        sys.exit(f'mutants: --sample {options.sample} is too small; give 1 or more')
    modules = chosen(options.files)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit('mutants: ended'))
    if not options.report:
        refresh()
        socket = WORK / 'server.socket'
        server = start_server(socket)
        script = TREE / 'tests' / 'mutation' / 'client.py'
        client = [sys.executable, '-S', '-E', script, socket]
        try:
            for module in modules:
                command = [*client, *tests_of(module)]
                session, config = prepare(module, command)
                if options.survivors:
                    again = "DELETE FROM work_results WHERE test_outcome = 'SURVIVED'"
                    query(session, again)
                unpark(session)
                try:
                    if options.sample:
                        park(session, options.sample)
                    execute(module, session, config, command, server)
                finally:
                    unpark(session)
        finally:
            server.terminate()
    report(modules)


if __name__ == '__main__':
    main()
