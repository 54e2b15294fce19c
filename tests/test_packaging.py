"""The built package, in an environment that has never seen the source tree."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[1]
DEMO = 'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'
pytestmark = pytest.mark.packaging

# One interpreter for all that needs the stack: its start takes most of the time.
IN_PYTHON = """
import sys, numpy as np
from mmpose_ext_cli.main import main
config, weights = sys.argv[1:]  # which a command replaces
for command in (
    ['complexity', config],
    ['run', 'get_flops', config, '--input-shape', '128', '128'],
):
    try:
        main(command)
    except SystemExit as stop:
        assert not stop.code, command
import mmpose_ext
assert 'site-packages' in mmpose_ext.__file__, mmpose_ext.__file__
from mmpose.apis import inference_topdown, init_model
model = init_model(config, weights, device='cpu')
image = np.random.default_rng(0).integers(0, 255, (200, 160, 3), dtype=np.uint8)
result = inference_topdown(model, image, [[10, 10, 150, 190]])[0].pred_instances
assert result.keypoints.shape == (1, 14, 2), result.keypoints.shape
assert np.isfinite(result.keypoints).all()
print('inference ok')
"""

ALIASES = """
import cv2, numpy as np
import mmpose_ext
from mmpose.apis.inferencers import get_model_aliases
from mmpose_ext.compat.model_index import own_models
assert get_model_aliases()['sdhrnet'].startswith('td-hm_sdhrnet')
assert all('site-packages' in model['Config'] for model in own_models())
cv2.imwrite('photo.png', np.zeros((64, 48, 3), np.uint8))
"""


def run(*command, cwd, **env):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=900,
        env={**os.environ, 'PYTHONWARNINGS': 'ignore', 'PYTHONPATH': '', **env},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope='module')
def source(tmp_path_factory):
    """A copy of what a clone has, so that builds leave no trace here."""
    target = tmp_path_factory.mktemp('source') / 'tree'
    anywhere = shutil.ignore_patterns('__pycache__', '.*_cache', '*.egg-info', '.mim')
    top = {'.git', '.venv', 'data', 'work_dirs', 'demo_out', 'build', 'dist'}

    def skip(folder, names):
        # A package may have one of these names, too.
        return anywhere(folder, names) | (top if Path(folder) == ROOT else set())

    shutil.copytree(ROOT, target, ignore=skip, symlinks=True)
    return target


@pytest.fixture(scope='module')
def built(source):
    """The sdist and the wheel that is built from it."""
    run(sys.executable, '-m', 'build', '--no-isolation', cwd=source)
    (sdist,) = (source / 'dist').glob('*.tar.gz')
    (wheel,) = (source / 'dist').glob('*.whl')
    return sdist, wheel


@pytest.fixture(scope='module')
def clean(built, tmp_path_factory):
    """A folder with an environment of the tested set and the wheel."""
    folder = tmp_path_factory.mktemp('clean')
    pinned = torch.__file__.startswith(sys.prefix)
    run(
        'bash',
        ROOT / 'tools/misc/setup_env.sh',
        cwd=folder,
        VENV=str(folder / 'env'),
        PYTHON=sys.executable,
        TORCH='pinned' if pinned else 'keep',
        PACKAGE=str(built[1]),
    )
    return folder


@pytest.fixture(scope='module')
def mim_folder(clean):
    (folder,) = (clean / 'env').glob('lib/python*/site-packages/mmpose_ext/.mim')
    return folder


def test_sdist_and_wheel_hold_what_mim_looks_for(built):
    sdist, wheel = built
    with tarfile.open(sdist) as archive:
        names = [name.partition('/')[2] for name in archive.getnames()]
    for name in (f'configs/{DEMO}', 'model-index.yml', 'tools/train.py', 'LICENSE'):
        assert name in names, name
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        f'configs/{DEMO}',
        'model-index.yml',
        'tools/train.py',
        'tools/test.py',
    ):
        assert f'mmpose_ext/.mim/{name}' in names, name
    for config in (ROOT / 'configs').rglob('*.py'):
        assert f'mmpose_ext/.mim/{config.relative_to(ROOT)}' in names
    for module in (ROOT / 'mmpose_ext').rglob('*.py'):
        if '.mim' not in module.parts:
            assert str(module.relative_to(ROOT)) in names
    assert 'mmpose_ext/py.typed' in names
    assert not any(name.startswith('tests/') or '.pyc' in name for name in names)


def test_mim_search(clean):
    text = run(clean / 'env/bin/mim', 'search', 'mmpose_ext', cwd=clean)
    assert 'td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192' in text


def test_the_command_is_installed(clean):
    command = clean / 'env/bin/mmpose-ext'
    assert 'complexity' in run(command, '--help', cwd=clean)
    assert '/get_flops' in run(command, 'run', '--list', cwd=clean)


def test_the_papers_have_names_in_the_wheel(clean):
    """For MMPose's inferencer and for `mmpose-ext predict`."""
    script = clean / 'aliases.py'
    script.write_text(ALIASES)
    run(clean / 'env/bin/python', script, cwd=clean)
    options = ('--model', 'sdhrnet', '--boxes-from', 'whole-image', '--allow-random')
    said = run(
        clean / 'env/bin/mmpose-ext', 'predict', 'photo.png', *options, cwd=clean
    )
    assert 'boxes: the whole image' in said
    assert (clean / 'predictions' / 'poses.json').is_file()


def test_mim_train_resume_test_tools_and_inference(clean, mim_folder):
    """By path through MMPose, by name through the plugin, and based on its configs."""
    config = mim_folder / 'configs' / DEMO
    mim = clean / 'env/bin/mim'
    env = dict(PATH=f'{clean}/env/bin:{os.environ["PATH"]}', OMP_NUM_THREADS='1')
    # A few iterations; the annotation says that the file is loaded as it is.
    options = [
        '--cfg-options',
        'train_dataloader.dataset.num_images=16',
        'val_dataloader.dataset.num_images=4',
        'test_dataloader.dataset.num_images=4',
        'train_dataloader.batch_size=8',
        'default_hooks.checkpoint.interval=1',
        'default_hooks.logger.interval=1',
        'train_cfg.val_interval=1',
    ]
    first = run(
        mim,
        'train',
        'mmpose',
        config,
        '--work-dir',
        'work',
        *options,
        'train_cfg.max_epochs=1',
        cwd=clean,
        **env,
    )
    assert 'Epoch(val) [1]' in first
    again = run(
        mim,
        'train',
        'mmpose_ext',
        config.name,
        '--work-dir',
        'work',
        '--resume',
        *options,
        'train_cfg.max_epochs=2',
        cwd=clean,
        **env,
    )
    assert 'deprecated' not in again
    assert 'resumed epoch: 1' in again
    (best,) = (clean / 'work').glob('best_*.pth')
    own = clean / 'own.py'
    own.write_text(f'_base_ = "mmpose_ext::{DEMO}"\n')
    tested = run(
        mim,
        'test',
        'mmpose_ext',
        own,
        '--checkpoint',
        best,
        '--work-dir',
        'work',
        *options,
        cwd=clean,
        **env,
    )
    assert 'PCK@0.2' in tested
    script = clean / 'in_python.py'
    script.write_text(IN_PYTHON)
    text = run(clean / 'env/bin/python', script, config, best, cwd=clean, **env)
    for expected in ('params (M)', 'Params', 'inference ok'):
        assert expected in text


def test_the_wheel_changes_no_package_of_the_environment(clean, built):
    python = clean / 'env/bin/python'
    text = run(
        python,
        '-m',
        'pip',
        'install',
        '--dry-run',
        '--force-reinstall',
        built[1],
        '--report',
        'report.json',
        '--quiet',
        '--no-deps',
        cwd=clean,
    )
    assert 'torch' not in text
    # With dependencies, and the plugin not yet there: nothing but itself.
    run(python, '-m', 'pip', 'uninstall', '-y', 'mmpose_ext', cwd=clean)
    before = run(python, '-m', 'pip', 'freeze', cwd=clean)
    run(python, '-m', 'pip', 'install', '--no-index', built[1], cwd=clean)
    after = run(python, '-m', 'pip', 'freeze', cwd=clean)
    new = set(after.splitlines()) - set(before.splitlines())
    assert {line.split()[0].split('==')[0].lower() for line in new} == {'mmpose_ext'}
    assert not set(before.splitlines()) - set(after.splitlines())


def test_editable_and_develop_link_the_configs(clean, source):
    python = clean / 'env/bin/python'
    link = source / 'mmpose_ext' / '.mim'
    env = dict(PIP_NO_BUILD_ISOLATION='0', PIP_NO_DEPS='1')
    for command in (
        ('-m', 'pip', 'install', '--no-build-isolation', '--no-deps', '-e', '.'),
        ('setup.py', 'develop', '--no-deps'),
    ):
        shutil.rmtree(link, ignore_errors=True)
        run(python, *command, cwd=source, **env)
        assert (link / 'configs').is_symlink()
        assert (link / 'configs' / DEMO).is_file()
        assert (link / 'model-index.yml').is_file()
        # Not imported, which would take most of the test's time.
        code = 'import importlib.util as u; print(u.find_spec("mmpose_ext").origin)'
        assert str(source) in run(python, '-c', code, cwd=clean)
