"""The contact sheet of damaged files: a picture, or one line; never a traceback."""

import random
import runpy
import shutil
import sys

import mutants
import pytest
from bench import LAYOUTS, Bench, configs_read_once


@pytest.fixture(scope='module')
def benches(tmp_path_factory):
    return {
        name: Bench(tmp_path_factory.mktemp(name), name)
        for name in ('coco', 'one-stage', 'mpii')
    }


def browse(bench, monkeypatch, capsys, request):
    """Exit status and what was printed on the standard error stream."""
    monkeypatch.chdir(request.config.rootpath)
    out = bench.root / 'sheet.jpg'
    out.unlink(missing_ok=True)
    tool = 'tools/misc/browse_dataset.py'
    monkeypatch.setattr(sys, 'argv', [tool, str(bench.path), str(out)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(tool, run_name='__main__')
    assert out.is_file() == (ended.value.code == 0)
    return ended.value.code, capsys.readouterr()


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
def test_sample_of_mutants_is_drawn_or_told(
    benches, name, monkeypatch, capsys, request
):
    chosen = random.Random(1).sample(LAYOUTS[name].made, 6)
    run_all(benches[name], chosen, monkeypatch, capsys, request)


def test_bad_labels_are_drawn(benches, monkeypatch, capsys, request):
    wanted = ('visibility nan', 'far outside', 'infinite where', 'nothing annotated')
    chosen = [
        mutant
        for mutant in mutants.coco_mutants()
        if mutant.name.startswith('people one') and mutant.name.split(': ')[1] in wanted
    ]
    assert len(chosen) >= 3
    codes = run_all(benches['coco'], chosen, monkeypatch, capsys, request)
    assert codes == [0] * len(codes)


@pytest.mark.parametrize(
    'file', ['half_eoi.jpg', 'bomb.png', 'anim.gif.jpg', 'jpeg_65500.jpg', None]
)
def test_images_that_cannot_be_loaded_are_marked(
    benches, shared_cases, file, monkeypatch, capsys, request
):
    bench = benches['coco']
    bench.write()
    path = sorted((bench.root / 'train').iterdir())[0]
    kept = path.read_bytes()
    path.unlink()
    if file:
        shutil.copy(shared_cases / 'files' / file, path)
    code, printed = browse(bench, monkeypatch, capsys, request)
    assert code == 0
    assert '1 of 4 samples are marked in red' in printed.out
    path.unlink(missing_ok=True)
    path.write_bytes(kept)


@pytest.mark.slow
@pytest.mark.parametrize('name', ['coco', 'one-stage', 'mpii'])
def test_all_mutants_are_drawn_or_told(benches, name, monkeypatch, capsys, request):
    made = LAYOUTS[name].made
    codes = run_all(benches[name], made, monkeypatch, capsys, request)
    with capsys.disabled():
        print(f'\n{name}: {codes.count(0)} drawn, {codes.count(2)} told in one line')
