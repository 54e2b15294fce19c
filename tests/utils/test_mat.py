"""MATLAB files are read where a crash does no harm."""

import ast
import contextlib
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from mmpose_ext.utils import UserError, mat, mat_child
from mmpose_ext.utils.mat import load_mat

CASES = Path(__file__).resolve().parents[2].parent / 'shared' / 'cases' / 'files'


@pytest.fixture
def small(tmp_path):
    """A file with numbers, text, a struct array and a cell."""
    cell = np.empty((1, 2), dtype=object)
    cell[0, :] = [np.arange(3), 'text']
    path = tmp_path / 'small.mat'
    savemat(path, dict(a=np.eye(3), s=dict(x=1.5, name='b'), c=cell))
    return path


def test_content_and_options(small):
    content = load_mat(small, ('a', 's'), 'fix')
    np.testing.assert_array_equal(content['a'], np.eye(3))
    assert content['s'].dtype.names == ('x', 'name')
    content = load_mat(small, (), 'fix', struct_as_record=False, squeeze_me=True)
    assert (content['s'].x, content['s'].name) == (1.5, 'b')
    assert [*content['c'][0]] == [0, 1, 2]
    with pytest.raises(UserError, match=r"has no field 'z', only \['a', 's', 'c'\]"):
        load_mat(small, ('z',), 'fix')


def test_files_that_are_something_else(tmp_path):
    with pytest.raises(UserError, match=r'no annotation file .*; fix it'):
        load_mat(tmp_path / 'absent.mat', (), 'fix it')
    for content in (b'', b'<html>', b'\x89HDF\r\n\x1a\n' + bytes(200)):
        (tmp_path / 'x.mat').write_bytes(content)
        with pytest.raises(UserError, match='not a readable MATLAB file'):
            load_mat(tmp_path / 'x.mat', (), 'fix')


@pytest.mark.parametrize('name', ['scipy_segv.mat', 'mpii_flip_unc_9.mat'])
def test_files_that_crash_the_reader(name):
    if not CASES.is_dir():
        pytest.skip('the failing cases (../shared/cases) are not on this machine')
    with pytest.raises(UserError, match='not a readable MATLAB file'):
        load_mat(CASES / name, (), 'fix')


def test_flipped_bytes_never_crash(small, tmp_path):
    rng = np.random.default_rng(0)
    content = small.read_bytes()
    changed = tmp_path / 'changed.mat'
    for _ in range(12):
        data = bytearray(content)
        for place in rng.integers(128, len(data), 4):
            data[place] ^= int(rng.integers(1, 256))
        changed.write_bytes(data)
        # Damage may go unnoticed, or be told in one line; a crash would be neither.
        with contextlib.suppress(UserError):
            load_mat(changed, (), 'fix')


CRASH = 'import os, signal; os.kill(os.getpid(), signal.SIGSEGV)'
ENDINGS = {
    CRASH: 'crashed with SIGSEGV',
    'while True: pass': 'not read within 1 s',
    'raise RuntimeError("odd")': 'RuntimeError: odd',
    'print("noise")': 'exit status 0',
}


@pytest.mark.parametrize('code', ENDINGS)
def test_every_end_of_the_child_is_one_line(small, tmp_path, monkeypatch, code):
    script = tmp_path / 'child.py'
    script.write_text(code)
    monkeypatch.setattr(mat_child, '__file__', str(script))
    monkeypatch.setattr(mat, 'TIME_LIMIT', 1.0)
    with pytest.raises(UserError, match=ENDINGS[code]):
        load_mat(small, (), 'fix')


def test_the_child_is_light():
    tree = ast.parse(Path(mat_child.__file__).read_text())
    names = {
        a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
    }
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names == {'os', 'pickle', 'sys', 'resource', 'typing', 'scipy.io'}
