import json
import os
import subprocess
import sys

import pytest
from mmengine.utils import mkdir_or_exist
from mmpose.registry import MODELS

from mmpose_ext.compat.excepthook import install_excepthook, one_line
from mmpose_ext.datasets import LspDataset
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


def caught(action, *args, **kwargs):
    with pytest.raises((ValueError, AssertionError, OSError)) as info:
        action(*args, **kwargs)
    return info.value


def test_what_a_registry_puts_before_a_config_error_is_dropped():
    backbone = dict(type='CoordAttention', in_channels=8, reduction=0)
    error = caught(MODELS.build, backbone)
    assert isinstance(error, ValueError)
    assert one_line(error).startswith('error: CoordAttention: reduction=0 must be')


def test_an_annotation_that_is_no_json_is_named(tmp_path):
    path = tmp_path / 'broken.json'
    path.write_text('{"images": [')
    error = caught(LspDataset, ann_file=str(path))
    line = one_line(error)
    assert line.startswith(f'error: {path} is not a JSON file (Expecting value')
    assert '\n' not in line


def test_a_missing_annotation_is_named(tmp_path):
    error = caught(LspDataset, ann_file=str(tmp_path / 'none.json'))
    assert f'annotation file {tmp_path / "none.json"} does not' in one_line(error)


def test_a_work_dir_that_cannot_be_written_is_named(tmp_path):
    error = caught(mkdir_or_exist, '/proc/none/work')
    assert one_line(error).startswith('error: cannot write /proc/none')


def test_errors_of_other_programs_keep_their_traceback():
    assert one_line(caught(json.loads, '{')) is None
    assert one_line(PermissionError(13, 'Permission denied', 'x')) is None


def test_a_script_can_import_mmpose_and_ends_with_that_line_and_a_status():
    """In a fresh interpreter, where mmpose.models cannot be imported first."""
    code = (
        'import mmpose_ext\nimport mmpose.models\nimport mmpose.apis\nprint("ok")\n'
        'from mmpose_ext.utils import UserError\nraise UserError("what", "fix")'
    )
    done = subprocess.run(
        [sys.executable, '-c', code],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, 'MMPOSE_EXT_TRACEBACK': ''},
    )
    assert done.stdout.strip().endswith('ok'), done.stderr
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == 'error: what; fix'
    assert 'deprecated' not in done.stderr
    assert 'Traceback' not in done.stderr


def test_the_traceback_is_shown_on_request(monkeypatch, capsys):
    # Over Python's own hook, whatever other tests have installed.
    monkeypatch.setattr(sys, 'excepthook', sys.__excepthook__)
    install_excepthook()
    error = caught(raise_it)
    for full in ('', '1'):
        monkeypatch.setenv('MMPOSE_EXT_TRACEBACK', full)
        sys.excepthook(type(error), error, error.__traceback__)
        printed = capsys.readouterr().err
        assert printed.strip().splitlines()[-1].endswith('what; fix')
        assert ('Traceback' in printed) is bool(full)


def raise_it():
    raise UserError('what', 'fix')
