import subprocess
import sys

import pytest

from mmpose_ext.compat.excepthook import one_line
from mmpose_ext.utils.errors import UserError


def test_a_user_error_is_one_line():
    assert one_line(UserError('x.jpg is damaged', 'fetch it')) == (
        'error: x.jpg is damaged; fetch it'
    )
    assert one_line(KeyError('x')) is None


def test_a_workers_traceback_is_cut_to_its_last_line():
    text = (
        'Caught ImageError in DataLoader worker process 0.\n'
        'Original Traceback (most recent call last):\n  File "x", line 1\n'
        'mmpose_ext.datasets.transforms.loading.ImageError: image a: b.jpg is bad\n'
    )
    assert one_line(UserError(text)) == 'error: image a: b.jpg is bad'


@pytest.mark.parametrize('full', ['', '1'])
def test_a_script_ends_with_that_line_and_a_status(full):
    code = (
        'import mmpose_ext\nfrom mmpose_ext.utils import UserError\n'
        'raise UserError("what", "mend")'
    )
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        capture_output=True,
        text=True,
        timeout=300,
        env={**__import__('os').environ, 'MMPOSE_EXT_TRACEBACK': full},
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith('what; mend')
    assert ('Traceback' in done.stderr) is bool(full)
