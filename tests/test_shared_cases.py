"""The inputs that failed once (../shared/cases), each with what is right today.

Labels, images and pictures of the cases are tested where their module is: the doctor
(04, 05, 08, 09 and files/), the contact sheet (13), metric names (10), pictures of
synthetic figures (14).
"""

import runpy
import shutil
import sys
from pathlib import Path

import pytest
from mmengine.config import Config

from mmpose_ext.utils import ConfigError

ROOT = Path(__file__).resolve().parents[1]
ONE_STAGE = 'configs/lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-640.py'
TOP_DOWN = 'configs/ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192_gt-bbox.py'


@pytest.fixture
def run_case(shared_cases, tmp_path, monkeypatch, capsys):
    """Run a script of a case, in a copy that it may write to."""

    def run(number, script, *arguments, **env):
        folder = tmp_path / number
        # Without the modes: the cases are read-only.
        shutil.copytree(
            shared_cases / 'reports' / number, folder, copy_function=shutil.copyfile
        )
        for path in (folder, *folder.rglob('*')):
            path.chmod(0o755)
        monkeypatch.chdir(ROOT)
        for name, value in env.items():
            monkeypatch.setenv(name, str(folder / value))
        where = [str(folder / a) if (folder / a).exists() else a for a in arguments]
        monkeypatch.setattr(sys, 'argv', [script, *where])
        monkeypatch.setenv('COCO_ROOT', str(folder / 'data'))  # scripts may set it
        runpy.run_path(str(folder / script), run_name='__main__')
        return capsys.readouterr().out

    return run


def test_01_flipped_labels_of_rectangular_inputs(run_case):
    printed = run_case('01', 'repro.py')
    assert printed.count('17 of 17 joints on their dot') == 4


@pytest.mark.parametrize('config', [ONE_STAGE, TOP_DOWN])
@pytest.mark.parametrize(
    ('number', 'data'),
    [('02', 'cat0'), ('02', 'cat7'), ('03', 'no_area'), ('03', 'zero_area')],
)
def test_02_03_perfect_predictions_score_1(run_case, number, data, config):
    printed = run_case(number, 'perfect.py', data, config)
    assert 'AP of perfect predictions: 1.0' in printed


def test_07_another_number_of_joints_is_refused(run_case):
    # 17 joints against 14, and then the head is refused as it is built.
    with pytest.raises(ConfigError, match='num_keypoints=14 is not the number of sig'):
        run_case('07', 'repro.py')


def test_09_a_joint_without_label_may_be_nan(run_case, shared_cases):
    assert 'NaN' in next((shared_cases / 'reports/09/data').rglob('*.json')).read_text()
    printed = run_case('09', 'repro.py')
    assert 'sadinet/small/td-hm_sadinet-w16 {' in printed
    assert 'nan' not in printed
    assert 'Error' not in printed


def test_11_rates_belong_to_the_batch_of_the_config():
    presets = sorted((ROOT / 'configs/lrfg_yolopose/small').glob('*.py'))
    assert len(presets) == 12
    for preset in presets:
        config = Config.fromfile(str(preset))
        batch = config.train_dataloader.batch_size
        assert config.auto_scale_lr.base_batch_size == batch, preset.name
