"""A run from a bundle: trained on packed data, sent back, merged, compared."""

import os
import subprocess
import sys
from collections import OrderedDict

import pytest
from mmengine.visualization import Visualizer
from packing_cases import make_images

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer
from mmpose_ext.leaderboard import offline
from mmpose_ext.leaderboard.bundle import Plan, pack
from mmpose_ext.leaderboard.ledger import read_entry
from mmpose_ext.leaderboard.merge import merge
from mmpose_ext.leaderboard.plan import Run
from mmpose_ext.leaderboard.wheels import Target
from mmpose_ext.leaderboard.worker import perform, prepare

CONFIG = 'configs/ca_hrnet/small/td-hm_hrnet-w8_1xb32-8e_lspet-128x128.py'


def run_of(folder):
    """One step on four images, and the test on them."""
    options = {'train_cfg.max_epochs': 1, 'train_dataloader.batch_size': 4}
    for split in ('train', 'val', 'test'):
        options[f'{split}_dataloader.num_workers'] = 0
        options[f'{split}_dataloader.persistent_workers'] = False
        options[f'{split}_dataloader.dataset.data_root'] = str(folder)
        options[f'{split}_dataloader.dataset.ann_file'] = 'people.json'
    return Run('lsp_extended', CONFIG, 'small', 0, options, 'lspet')


def plan_of(tmp_path, wheels):
    make_images(tmp_path / 'images')
    run = run_of(tmp_path / 'images')
    target = Target('3.11', 'linux-x86_64')
    return run, Plan(tmp_path / 'bundle', [run], target, wheels, ['all'])


def test_from_the_images_to_the_ledger(tmp_path, monkeypatch):
    wheels = tmp_path / 'wheels'
    wheels.mkdir()
    (wheels / 'mmpose_ext-0.1.0-py3-none-any.whl').write_bytes(b'a wheel')
    run, plan = plan_of(tmp_path, wheels)
    pack(plan)
    # The images are not needed any more.
    (tmp_path / 'images').rename(tmp_path / 'elsewhere')
    folder = plan.out / 'runs' / run.board / run.name
    prepare(run, folder)
    for kind in (Visualizer, SafeNamePoseVisualizer):
        monkeypatch.setattr(kind, '_instance_dict', OrderedDict())
    perform(run, folder, plan.out)
    offline.send(folder, plan.out / 'results' / run.board / run.name)
    (target,), _ = merge(plan.out, tmp_path / 'ledger')
    entry = read_entry(target)
    assert 'PCK@0.2' in entry.metrics
    # As of a run without the bundle.
    assert entry.facts['datasets']['train']['samples'] == 4
    assert entry.facts['datasets']['train']['annotations']
    assert entry.facts['protocol']['metric'] == 'PCK@0.2'
    assert (target / 'weights.safetensors').stat().st_size > 100_000
    assert (target / 'worst.jpg').stat().st_size > 1000


@pytest.mark.slow
def test_the_script_without_an_index(tmp_path):
    """The wheel is built and installed beside the script; other packages are here."""
    _, plan = plan_of(tmp_path, tmp_path / 'none')
    pack(plan)
    (tmp_path / 'images').rename(tmp_path / 'elsewhere')
    env = {**os.environ, 'PYTHON': sys.executable, 'PIP_INDEX_URL': 'http://0.0.0.0/'}
    env.pop('PYTHONPATH', None)
    for minutes in ('30', '30'):
        done = subprocess.run(
            ['bash', plan.out / 'run.sh', minutes],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=3600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert '1 of 1 runs finished' in done.stdout
    assert 'run 1 of 1' not in done.stdout  # the second call repeats nothing
    assert len(merge(plan.out, tmp_path / 'ledger')[0]) == 1
    code = 'import mmpose_ext; print(mmpose_ext.__file__)'
    packages = {**env, 'PYTHONPATH': str(plan.out / 'packages')}
    said = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        env=packages,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert str(plan.out / 'packages') in said.stdout
