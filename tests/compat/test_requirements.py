import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import mmpose_ext
from mmpose_ext.compat import DependencyError, check_requirements
from mmpose_ext.compat.requirements import Requirement


def installed(**versions):
    def get_version(name):
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    return get_version


STACK = dict(torch='2.11.0+cu130', mmengine='0.10.7', mmpose='1.3.2')


def test_the_tested_set_is_supported():
    check_requirements(get_version=installed(**STACK, **{'mmcv-lite': '2.1.0'}))
    check_requirements(get_version=installed(**STACK, mmcv='2.0.1'))


def test_the_fork_of_mmengine_is_accepted_in_the_same_range():
    versions = {k: v for k, v in STACK.items() if k != 'mmengine'}
    versions['mmcv'] = '2.1.0'
    check_requirements(
        get_version=installed(**versions, **{'onedl-mmengine': '0.10.12'})
    )
    with pytest.raises(DependencyError, match=r'onedl-mmengine 0\.10\.4'):
        check_requirements(
            get_version=installed(**versions, **{'onedl-mmengine': '0.10.4'})
        )


@pytest.mark.parametrize(
    ('versions', 'found', 'command'),
    [
        ({'mmcv-lite': '1.7.2'}, 'mmcv-lite 1.7.2', 'pip install "mmcv-lite'),
        ({'mmcv': '2.2.0'}, 'mmcv 2.2.0', 'pip install "mmcv-lite'),
        ({}, 'none is installed', 'pip install "mmcv-lite'),
        ({'mmcv': '2.1.0', 'mmpose': '0.29.0'}, 'mmpose 0.29.0', '--no-deps'),
        ({'mmcv': '2.1.0', 'torch': '2.5.1'}, 'torch 2.5.1', 'pip install "torch'),
    ],
)
def test_one_line_says_what_was_found_and_what_to_type(versions, found, command):
    with pytest.raises(DependencyError) as caught:
        check_requirements(get_version=installed(**{**STACK, **versions}))
    message = str(caught.value)
    assert '\n' not in message
    assert found in message
    assert command in message
    assert 'mmpose_ext needs' in message


def test_a_missing_mmpose_is_named():
    versions = {k: v for k, v in STACK.items() if k != 'mmpose'}
    with pytest.raises(DependencyError, match='needs mmpose>=1.3.0,<1.4, but none'):
        check_requirements(get_version=installed(**versions, mmcv='2.1.0'))


def test_bounds_are_inclusive_below_and_exclusive_above():
    need = [Requirement(('x',), '>=1.2,<2', 'type this')]
    check_requirements(need, installed(x='1.2'))
    check_requirements(need, installed(x='1.99.1'))
    for version in ('1.1.9', '2.0', '2.0.0rc1'):
        with pytest.raises(DependencyError):
            check_requirements(need, installed(x=version))


def test_a_script_without_mmpose_ends_with_one_line(tmp_path):
    # An environment of its own: only the plugin's files, nothing installed.
    package = Path(mmpose_ext.__file__).parent
    (tmp_path / 'mmpose_ext').symlink_to(package)
    packaging = Path(__import__('packaging').__file__).parent
    (tmp_path / 'packaging').symlink_to(packaging)
    done = subprocess.run(
        [sys.executable, '-S', '-c', 'import mmpose_ext'],
        env=dict(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        'error: mmpose_ext needs torch>=2.6,<3, but none is installed; '
        'type: pip install "torch>=2.6" torchvision'
    )
