"""The table of checks: every entry is used, and tells what and how to fix it."""

import re
from pathlib import Path

import pytest

from mmpose_ext.datasets import doctor
from mmpose_ext.datasets.doctor.checks import CHECKS
from mmpose_ext.datasets.doctor.field_checks import FIELD_CHECKS
from mmpose_ext.datasets.doctor.findings import LEVELS, Diagnosis
from mmpose_ext.datasets.doctor.label_checks import LABEL_CHECKS

SOURCES = ''.join(
    path.read_text()
    for path in Path(doctor.__file__).parent.glob('*.py')
    if not path.name.endswith('_checks.py') or path.name == 'image_checks.py'
)


@pytest.mark.parametrize('name', CHECKS)
def test_each_check_is_used_and_has_a_fix(name):
    check = CHECKS[name]
    assert check.level in LEVELS
    assert check.message
    assert check.fix
    assert re.search(rf"'{name}'", SOURCES)


def test_no_name_is_there_twice():
    assert not set(FIELD_CHECKS) & set(LABEL_CHECKS)


def test_a_finding_is_one_line_whatever_the_file_says():
    diagnosis = Diagnosis('a\nb', 'f\u2028g.json')
    diagnosis.add('file_names', ['x\ny\ud800'] * 7, detail='d\r\ne')
    text = str(diagnosis)
    text.encode('utf-8')
    assert len(text.splitlines()) == 2
    assert text.endswith('; fix: name the file, relative to the folder of the images')
    assert 'fatal         7  images whose "file_name"' in text
    assert text.count('x y\\ud800') == 5
    assert '; ...)' in text
