import json
import os

import pytest

from mmpose_ext.utils import UserError, atomic_write, run_cli, write_json_atomic


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / 'a.json'
    write_json_atomic(target, {'old': 1})
    with pytest.raises(RuntimeError), atomic_write(target) as temporary:
        temporary.write_text('half')
        raise RuntimeError
    assert json.loads(target.read_text()) == {'old': 1}
    assert os.listdir(tmp_path) == ['a.json']


def test_nan_is_refused_and_loses_nothing(tmp_path):
    target = tmp_path / 'a.json'
    write_json_atomic(target, [1])
    with pytest.raises(ValueError, match='JSON'):
        write_json_atomic(target, [float('nan')])
    assert json.loads(target.read_text()) == [1]


def test_the_folder_is_made_and_the_suffix_kept(tmp_path):
    with atomic_write(tmp_path / 'deep' / 'er' / 'x.png') as temporary:
        assert temporary.suffix == '.png'
        temporary.write_bytes(b'1')
    assert (tmp_path / 'deep' / 'er' / 'x.png').read_bytes() == b'1'


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / 'file').write_text('')
    with (
        pytest.raises(UserError, match='cannot write .*choose a folder') as caught,
        atomic_write(tmp_path / 'file' / 'x.json'),
    ):
        pass
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('outcome', 'status', 'text'),
    [
        (None, 0, ''),
        (3, 3, ''),
        (UserError('bad x', 'do y'), 2, 'error: bad x; do y\n'),
        (KeyboardInterrupt(), 130, 'interrupted\n'),
    ],
)
def test_run_cli(outcome, status, text, capsys):
    def main():
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    with pytest.raises(SystemExit) as caught:
        run_cli(main)
    assert caught.value.code == status
    assert capsys.readouterr().err == text
