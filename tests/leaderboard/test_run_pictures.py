"""Pictures of a run."""

import cv2
import pytest

from mmpose_ext.apis import build_dataset, load_model
from mmpose_ext.leaderboard.paths import root_folder
from mmpose_ext.leaderboard.pictures import SHEET, WORST, save_run_pictures
from mmpose_ext.utils.config import load_config

PRESETS = [
    'lrfg_yolopose/small/lrfg-yolopose-w8_1xb16-16e_synthetic-standing-128.py',
    'lrfg_yolopose/small/lrfg-yolopose-w8_1xb16-30e_synthetic-128.py',
    'sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py',
]


@pytest.mark.parametrize('preset', PRESETS, ids=['one person', 'people', 'top-down'])
def test_a_run_of_every_kind_of_scene_has_pictures(tmp_path, preset):
    config = load_config(root_folder() / 'configs' / preset)
    dataset = build_dataset(config, num_images=4)
    save_run_pictures(load_model(config), dataset, tmp_path)
    names = [SHEET] if dataset.data_mode == 'bottomup' else [SHEET, WORST]
    for name in names:
        assert cv2.imread(str(tmp_path / name)).std() > 0
