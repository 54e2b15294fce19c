"""The presets of all papers resume to the bit, mosaic and averaged weights included."""

from pathlib import Path

import preset_run
import pytest
import tiny_run
import torch
from mmengine.config import Config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'


def preset_of(folder):
    """The preset on synthetic figures of all poses with the shortest name."""
    net = folder.name.replace('_', '-')
    found = [
        path
        for path in (folder / 'small').glob(f'*{net}*_synthetic-[0-9]*.py')
        if '_fixed-norm' not in path.stem
    ]
    assert found, (
        f'add configs/{folder.name}/small/[td-hm_]{net}..._synthetic-PIXELS.py'
    )
    return str(min(found, key=lambda p: (len(p.stem), p.stem)).relative_to(CONFIGS))


PRESETS = [preset_of(path.parent) for path in sorted(CONFIGS.glob('*/metafile.yml'))]


def test_a_preset_with_mosaic_and_averaged_weights_is_among_them():
    one_stage = next(name for name in PRESETS if 'lrfg-yolopose' in name)
    one_stage = Config.fromfile(str(CONFIGS / one_stage))
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
