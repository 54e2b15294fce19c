"""The pyramid through MMEngine's runner, and the documented configs."""

import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmpose_ext.models.tta import PyramidTTAModel
from mmpose_ext.testing import build_from_config

ROOT = Path(__file__).resolve().parents[3]
SYNTHETIC = ROOT / 'configs/ca_hrnet/small/td-hm_hrnet-w8_1xb32-8e_synthetic-128x128.py'
TURNED_ON = """
_base_ = ['{base}']
steps = _base_.val_pipeline
pyramid = dict(type='TopdownPyramid', transforms=steps[2:], scales=(1.0,))
test_dataloader = dict(dataset=dict(pipeline=[*steps[:2], pyramid]))
tta = dict(type='PrepareTTAHook', tta_cfg=dict(type='PyramidTTAModel'))
custom_hooks = [*_base_.custom_hooks, tta]
"""


def run(config, folder, checkpoint):
    config.merge_from_dict(
        dict(
            work_dir=str(folder),
            load_from=str(checkpoint),
            test_dataloader=dict(
                batch_size=4,
                num_workers=0,
                persistent_workers=False,
                dataset=dict(num_images=4),
            ),
            log_level='ERROR',
        )
    )
    config.visualizer = None
    runner = Runner.from_cfg(config)
    return runner, runner.test()


def test_one_scale_scores_as_the_plain_test(tmp_path):
    torch.manual_seed(0)
    model = build_from_config(SYNTHETIC)
    torch.save({'state_dict': model.state_dict(), 'meta': {}}, tmp_path / 'm.pth')
    _, expected = run(
        Config.fromfile(str(SYNTHETIC)), tmp_path / 'plain', tmp_path / 'm.pth'
    )
    path = tmp_path / 'pyramid.py'
    path.write_text(TURNED_ON.format(base=SYNTHETIC))
    runner, found = run(
        Config.fromfile(str(path)), tmp_path / 'pyramid', tmp_path / 'm.pth'
    )
    assert type(runner.model) is PyramidTTAModel
    # The checkpoint was loaded into the model itself.
    for name, value in model.state_dict().items():
        torch.testing.assert_close(runner.model.module.state_dict()[name], value)
    assert found == expected


def documented():
    text = (ROOT / 'docs' / 'pyramid_testing.md').read_text(encoding='utf-8')
    return [b for b in re.findall(r'```python\n(.*?)```', text, re.S) if '_base_' in b]


@pytest.mark.parametrize('number', range(2))
def test_documented_configs(tmp_path, number):
    block = documented()[number].replace("'./td-", f"'{ROOT}/configs/ca_hrnet/td-")
    path = tmp_path / 'documented.py'
    path.write_text(block)
    config = Config.fromfile(str(path))
    steps = config.test_dataloader.dataset.pipeline
    assert [step.type for step in steps[1:]] == ['GetBBoxCenterScale', 'TopdownPyramid']
    crop, pack = steps[2].transforms
    assert crop.type == 'TopdownAffine'
    assert pack.type in ('PackPoseInputs', 'FastPackPoseInputs')
    # MMPose's own hooks are kept; those of this project are in `default_hooks`.
    before = [hook.type for hook in config.custom_hooks[:-1]]
    assert before == (['SyncBuffersHook'] if 'mmpose::' in block else [])
    assert config.custom_hooks[-1].tta_cfg.type == 'PyramidTTAModel'
    assert config.val_dataloader.dataset.pipeline[2].type == 'TopdownAffine'
    config.model.backbone.init_cfg = None
    assert PyramidTTAModel(build_from_config(config)).pose_head.out_channels == 17
