"""The comparison of what the configs of two states resolve to."""

import pytest

BASE = 'codec = dict(sigma=2, size=(4, 4))\nhelper = 1\n'
LEAF = """
_base_ = '../_base_/part.py'
model = dict(type='A', head=dict(codec=_base_.codec))
"""


def write(root, name, text):
    """Write a config of a tree."""
    path = root / 'configs' / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def trees(tmp_path):
    for side in ('old', 'new'):
        write(tmp_path / side, '_base_/part.py', BASE)
        for name in ('net/a.py', 'net/b.py'):
            write(tmp_path / side, name, LEAF)
    return tmp_path / 'old', tmp_path / 'new'


def compare(run_tool, capsys, *states):
    """The exit status and the printed lines."""
    status = run_tool('misc/compare_configs.py', *states)
    captured = capsys.readouterr()
    return status, captured.out.splitlines(), captured.err


def test_equal_trees(run_tool, capsys, trees):
    # Another order, another part and another helper variable resolve to the same.
    old, new = trees
    write(new, '_base_/part.py', 'other = 2\ncodec = dict(size=(4, 4), sigma=2)\n')
    status, lines, _ = compare(run_tool, capsys, old, new)
    assert status == 0
    assert lines == [
        'helper variables that differ: helper, other',
        '2 configs compared, 0 differ',
    ]


def test_a_shared_difference_is_printed_once(run_tool, capsys, trees):
    old, new = trees
    write(new, '_base_/part.py', BASE.replace('sigma=2', 'sigma=3'))
    write(new, 'net/b.py', LEAF + "resume = True\nmodel['type'] = 'B'\n")
    status, lines, _ = compare(run_tool, capsys, old, new)
    assert status == 1
    assert lines[:-2] == [
        'codec.sigma: 2 -> 3',
        '    net/a.py, net/b.py',
        'model.head.codec.sigma: 2 -> 3',
        '    net/a.py, net/b.py',
        "model.type: 'A' -> 'B'",
        '    net/b.py',
        'resume: (not set) -> True',
        '    net/b.py',
    ]
    assert lines[-1] == '2 configs compared, 2 differ'


@pytest.mark.parametrize('size', ['[4, 4]', '(4.0, 4)', '(4, 4, 4)'])
def test_types_and_lengths_count(run_tool, capsys, trees, size):
    old, new = trees
    write(new, '_base_/part.py', BASE.replace('(4, 4)', size))
    status, lines, _ = compare(run_tool, capsys, old, new)
    assert status == 1
    assert lines[0] == f'codec.size: (4, 4) -> {size}'


def test_added_and_removed_configs(run_tool, capsys, trees):
    old, new = trees
    (new / 'configs/net/b.py').rename(new / 'configs/net/c.py')
    status, lines, _ = compare(run_tool, capsys, old, new)
    assert status == 1
    assert lines[:2] == ['removed: net/b.py', 'added: net/c.py']


def test_neither_folder_nor_revision(run_tool, capsys, trees):
    status, _, error = compare(run_tool, capsys, 'no-such-state', trees[0])
    assert status == 2
    assert 'no-such-state is neither a folder with configs/ nor a git rev' in error
