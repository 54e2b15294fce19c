"""Weights keep their names, so that published checkpoints load."""

import difflib

import pytest
from state_names import NAMES, PAPERS, lines_of, text_of, tree_of


def test_short_form_by_hand():
    names = [
        'a.conv1.w',
        'a.conv2.w',
        'a.conv4.w',
        'a.bn.w',
        'a.bn.b',
        'b.0.w',
        'b.1.v',
    ]
    assert list(lines_of(tree_of(names))) == [
        *('a:', '  conv{1-2,4}.w', '  bn.w b'),
        *('b:', '  0.w', '  1.v'),
    ]
    assert list(lines_of(tree_of(['x.w', 'x1.w', 'x2.w', 's']))) == [
        'x.w', 'x{1-2}.w', 's',
    ]  # fmt: skip


@pytest.mark.parametrize('paper', PAPERS)
def test_weights_keep_their_names(paper):
    file = NAMES / f'{paper}.txt'
    pinned = file.read_text().splitlines() if file.exists() else []
    found = text_of(paper).splitlines()
    changes = list(
        difflib.unified_diff(pinned, found, 'pinned', 'now', n=1, lineterm='')
    )
    if changes:
        pytest.fail(
            'weights have other names than published checkpoints; if that is meant, '
            'run python tests/state_names.py\n' + '\n'.join(changes[:60])
        )
