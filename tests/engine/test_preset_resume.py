"""The presets of all papers resume to the bit, mosaic and averaged weights included."""

from pathlib import Path

import preset_run
import pytest
import tiny_run
import torch
from mmengine.config import Config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
PRESETS = [
    'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py',
    'daunet/small/td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py',
    'lrfg_yolopose/small/lrfg-yolopose-n_1xb8-12e_synthetic-256.py',
    'sadinet/small/td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py',
    'sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py',
]


def test_one_preset_of_each_paper_and_one_with_mosaic_and_averaged_weights():
    assert sorted(name.split('/')[0] for name in PRESETS) == sorted(
        path.name for path in CONFIGS.iterdir() if (path / 'metafile.yml').is_file()
    )
    one_stage = Config.fromfile(str(CONFIGS / PRESETS[2]))
    steps = [s.type for s in one_stage.train_dataloader.dataset.pipeline]
    assert 'Mosaic' in steps
    assert 'EMAHook' in [hook.type for hook in one_stage.custom_hooks]


@pytest.mark.slow
@pytest.mark.parametrize('name', PRESETS, ids=lambda name: name.split('/')[0])
def test_a_resumed_preset_ends_as_an_uninterrupted_one(server, tmp_path, name):
    config = str(CONFIGS / name)
    ended = {}
    for folder, runs in {
        'through': [(dict(), 0)],
        # In the second epoch, with two workers; then without.
        'stopped': [(dict(stop_at=6, workers=2), 75), (dict(resume=True), 0)],
    }.items():
        for settings, status in runs:
            assert status == server.run(
                preset_run.train_preset, config, tmp_path / folder, **settings
            )
        ended[folder] = torch.load(tmp_path / folder / 'final.pt', weights_only=False)
    assert tiny_run.same(ended['through'], ended['stopped'])
