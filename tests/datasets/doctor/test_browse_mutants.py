"""The contact sheet of damaged files: a picture, or one line; never a traceback."""

import random
import shutil

import mutants
import pytest
from bench import LAYOUTS, Bench, configs_read_once


@pytest.fixture(scope='module')
def benches(tmp_path_factory):
    return {
        name: Bench(tmp_path_factory.mktemp(name), name)
        for name in ('coco', 'one-stage', 'mpii')
    }


def browse(bench, run_tool, capsys):
    """Exit status and what was printed on the standard error stream."""
    out = bench.root / 'sheet.jpg'
    out.unlink(missing_ok=True)
    status = run_tool('misc/browse_dataset.py', bench.path, out)
    assert out.is_file() == (status == 0)
    return status, capsys.readouterr()


def run_all(bench, chosen, *fixtures):
    codes = []
    with configs_read_once():
        for mutant in chosen:
            bench.write(mutant)
            code, printed = browse(bench, *fixtures)
            assert code in (0, 2), mutant.name
            assert printed.err.count('error: ') == (code == 2), mutant.name
            codes.append(code)
    return codes


@pytest.mark.parametrize('name', ['coco', 'one-stage', 'mpii'])
def test_sample_of_mutants_is_drawn_or_told(benches, name, run_tool, capsys):
    chosen = random.Random(1).sample(LAYOUTS[name].made, 6)
    run_all(benches[name], chosen, run_tool, capsys)


def test_bad_labels_are_drawn(benches, run_tool, capsys):
    wanted = ('visibility nan', 'far outside', 'infinite where', 'nothing annotated')
    chosen = [
        mutant
        for mutant in mutants.coco_mutants()
        if mutant.name.startswith('people one') and mutant.name.split(': ')[1] in wanted
    ]
    assert len(chosen) >= 3
    codes = run_all(benches['coco'], chosen, run_tool, capsys)
    assert codes == [0] * len(codes)


@pytest.mark.parametrize(
    'file', ['half_eoi.jpg', 'bomb.png', 'anim.gif.jpg', 'jpeg_65500.jpg', None]
)
def test_images_that_cannot_be_loaded_are_marked(
    benches, shared_cases, file, run_tool, capsys
):
    bench = benches['coco']
    bench.write()
    path = sorted((bench.root / 'train').iterdir())[0]
    kept = path.read_bytes()
    path.unlink()
    if file:
        shutil.copy(shared_cases / 'files' / file, path)
    code, printed = browse(bench, run_tool, capsys)
    assert code == 0
    assert '1 of 4 samples are marked in red' in printed.out
    path.unlink(missing_ok=True)
    path.write_bytes(kept)


@pytest.mark.slow
@pytest.mark.parametrize('name', ['coco', 'one-stage', 'mpii'])
def test_all_mutants_are_drawn_or_told(benches, name, run_tool, capsys):
    made = LAYOUTS[name].made
    codes = run_all(benches[name], made, run_tool, capsys)
    with capsys.disabled():
        print(f'\n{name}: {codes.count(0)} drawn, {codes.count(2)} told in one line')
