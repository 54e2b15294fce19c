"""One epoch of an MPII config on figures in MPII's layout."""

from collections import OrderedDict

import pytest
from config_facts import CONFIGS
from mmengine.config import Config
from mmengine.runner import Runner

from mmpose_ext.datasets.synthetic.layouts import write_mpii
from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.visualization import read_scalars


@pytest.fixture
def config(monkeypatch, tmp_path):
    """SDHRNet's MPII config at its smallest size, on a handful of figures."""
    root = tmp_path / 'mpii'
    write_mpii(SyntheticFigures(seed=4, size=(96, 80), persons=(1, 1)), root, 2, 2)
    monkeypatch.setenv('MPII_ROOT', str(root))
    monkeypatch.setattr(SafeNamePoseVisualizer, '_instance_dict', OrderedDict())
    config = Config.fromfile(
        str(CONFIGS / 'sdhrnet' / 'td-hm_sdhrnet_4xb32-210e_mpii-256x256.py')
    )
    loader = dict(num_workers=0, persistent_workers=False)
    config.merge_from_dict(
        dict(
            work_dir=str(tmp_path / 'work'),
            train_cfg=dict(max_epochs=1, val_interval=1),
            train_dataloader=dict(loader, batch_size=2),
            val_dataloader=loader,
            test_dataloader=loader,
            model=dict(
                backbone=dict(arch='w8-small', init_cfg=None),
                head=dict(in_channels=(128, 8)),
                test_cfg=dict(flip_test=False),
            ),
        )
    )
    return config


def test_both_counts_are_reported_and_the_best_checkpoint_is_kept(config, tmp_path):
    Runner.from_cfg(config).train()
    (scores,) = (r for r in read_scalars(config.work_dir) if 'mmpose/PCK' in r)
    assert {'mmpose/Head PCK', 'pckh/PCKh@0.5', 'pckh/macro PCKh@0.5'} <= scores.keys()
    best = [path.name for path in (tmp_path / 'work').glob('best_*.pth')]
    assert best == ['best_mmpose_PCK_epoch_1.pth']
    (log,) = (tmp_path / 'work').rglob('*.log')
    assert (
        'The learning rate is for a total batch of 128, but this run trains with 2 '
        '(2 on each of 1 processes); --auto-scale-lr multiplies the rate by 0.015625'
    ) in log.read_text()
