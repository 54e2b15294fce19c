"""Wheels for another machine: which are needed, found and refused."""

import subprocess
from types import SimpleNamespace

import pytest

from mmpose_ext.leaderboard import wheels
from mmpose_ext.leaderboard.paths import root_folder
from mmpose_ext.leaderboard.plugin_wheel import build_plugin
from mmpose_ext.leaderboard.wheels import (
    Target,
    download_wheels,
    find_wheels,
    leave_out,
    needed,
)
from mmpose_ext.utils.errors import UserError

LINUX = Target('3.11', 'linux-x86_64')


def test_markers_are_those_of_the_target(tmp_path):
    file = tmp_path / 'tested.txt'
    file.write_text(
        '# a comment\n'
        "numpy==1.26.4 ; python_full_version < '3.13'\n"
        "numpy==2.3.5 ; python_full_version >= '3.13'\n"
        "colorama==0.4.6 ; sys_platform == 'win32'\n"
        "arm==1.0 ; platform_machine == 'aarch64'\n"
        'PyYAML==6.0.3\n'
    )
    assert wheels.tested_set(file, LINUX) == {'numpy': '1.26.4', 'pyyaml': '6.0.3'}
    newer = wheels.tested_set(file, Target('3.13', 'linux-aarch64'))
    assert newer == {'numpy': '2.3.5', 'arm': '1.0', 'pyyaml': '6.0.3'}
    with pytest.raises(UserError, match='pack from a clone'):
        wheels.tested_set(tmp_path / 'none.txt', LINUX)


def test_what_training_needs_of_the_tested_set():
    versions = wheels.tested_set(root_folder() / 'requirements' / 'tested.txt', LINUX)
    found = needed(versions, LINUX)
    assert {'torch', 'mmpose', 'mmengine', 'numpy', 'xtcocotools', 'addict'} < set(
        found
    )
    assert 'opencv-python-headless' in found
    assert not {'pytest', 'mypy', 'openvino', 'chumpy'} & set(found)
    rest = leave_out(found, ['torch', 'numpy'])
    assert not [n for n in rest if n.startswith(('torch', 'nvidia', 'triton', 'cuda'))]
    assert set(found) - set(rest) >= {'torch', 'torchvision', 'numpy'}
    assert 'scipy' in rest
    assert leave_out(found, ['all']) == {}
    with pytest.raises(UserError, match="'nunpy' is not in the set; choose from 'nu"):
        leave_out(found, ['nunpy'])


def test_the_best_wheel_that_fits_is_found(tmp_path):
    names = [
        'scipy-1.15.3-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
        'scipy-1.15.3-cp311-cp311-manylinux_2_28_x86_64.whl',
        'scipy-1.15.3-cp311-cp311-manylinux_2_28_aarch64.whl',
        'scipy-1.15.3-cp312-cp312-manylinux_2_17_x86_64.whl',
        'scipy-1.14.0-cp311-cp311-manylinux_2_17_x86_64.whl',
        'mmpose-1.3.2-py2.py3-none-any.whl',
        'torch-2.11.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl',
        'odd.whl',
    ]
    for name in names:
        (tmp_path / name).touch()
    versions = {'scipy': '1.15.3', 'mmpose': '1.3.2', 'torch': '2.11.0', 'six': '1.17'}
    found, missing = find_wheels(tmp_path, versions, LINUX)
    assert {path.name for path in found.values()} == {names[1], names[5], names[6]}
    assert missing == ['six==1.17']
    arm, missing = find_wheels(tmp_path, versions, Target('3.11', 'linux-aarch64'))
    assert arm['scipy'].name == names[2]
    assert missing == ['torch==2.11.0', 'six==1.17']


@pytest.mark.parametrize(
    'tag',
    [
        *('manylinux1_x86_64', 'manylinux2010_x86_64', 'manylinux2014_x86_64'),
        *('manylinux_2_5_x86_64', 'manylinux_2_39_x86_64', 'linux_x86_64'),
    ],
)
def test_every_name_of_a_linux_wheel_is_known(tmp_path, tag):
    wheel = tmp_path / f'xtcocotools-1.14.3-cp311-cp311-{tag}.whl'
    wheel.touch()
    found, missing = find_wheels(tmp_path, {'xtcocotools': '1.14.3'}, LINUX)
    assert (found, missing) == ({'xtcocotools': wheel}, [])


def test_without_a_network_one_line(tmp_path, monkeypatch):
    said = 'WARNING: retry\nERROR: No matching distribution found for six==1.17\n'
    monkeypatch.setattr(
        subprocess, 'run', lambda *a, **k: SimpleNamespace(returncode=1, stderr=said)
    )
    with pytest.raises(UserError) as error:
        download_wheels(tmp_path, ['six==1.17'], LINUX)
    assert 'the wheels: No matching distribution found for six==1.17; give' in str(
        error.value
    )
    assert '\n' not in str(error.value)
    with pytest.raises(UserError, match='is not a clone'):
        build_plugin(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ('python', 'platform', 'said'),
    [
        ('3.9', 'linux-x86_64', "--python '3.9' is unknown; choose from"),
        ('3.11', 'win32', "--platform 'win32' is unknown; choose from"),
    ],
)
def test_an_unknown_target_is_named(python, platform, said):
    with pytest.raises(UserError) as error:
        Target(python, platform)
    assert said in str(error.value)
