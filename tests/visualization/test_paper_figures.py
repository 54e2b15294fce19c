from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

from mmpose_ext.testing import build_from_config
from mmpose_ext.utils import UserError
from mmpose_ext.visualization import (
    plot_training,
    save_heatmap_comparison,
    save_pose_grid,
)
from mmpose_ext.visualization.heatmap_comparison import (
    overlay_heatmap,
    predict_heatmap,
)
from mmpose_ext.visualization.scalars import metrics_of

CONFIG = (
    Path(__file__).resolve().parents[2]
    / 'configs/daunet/small/td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py'
)
RECORDS = [
    {'Head PCK': 1.0, 'PCK': 2.0, 'step': 0, 'time': 1.0, 'data_time': 1.0},
    {'loss': 4.0, 'epoch': 1, 'step': 1, 'lr': 0.1, 'acc_pose': 0.5},
    {'Head PCK': 3.0, 'PCK': 4.0, 'step': 1, 'time': 1.0, 'data_time': 1.0},
]


@pytest.fixture(scope='module')
def model_and_data():
    torch.manual_seed(0)
    config = Config.fromfile(str(CONFIG))
    init_default_scope('mmpose')
    settings = {**config.test_dataloader.dataset, 'num_images': 2}
    return build_from_config(config), DATASETS.build(settings)


def test_metrics_are_told_from_times_and_training():
    assert metrics_of(RECORDS) == ['Head PCK', 'PCK']


def test_curves_of_all_metrics_or_the_named_ones(tmp_path):
    for metrics in ((), ('PCK',)):
        out = plot_training(RECORDS, tmp_path / 'c.png', metrics)
        assert cv2.imread(str(out)).std() > 0


@pytest.mark.parametrize(
    ('records', 'metrics', 'message'),
    [
        (RECORDS, ('AP',), "no 'AP'; recorded: Head PCK, PCK"),
        (RECORDS[1:2], (), 'no validation; recorded: nothing'),
    ],
)
def test_what_was_not_recorded(tmp_path, records, metrics, message):
    with pytest.raises(UserError, match=message):
        plot_training(records, tmp_path / 'c.png', metrics)
    assert not (tmp_path / 'c.png').exists()


def test_the_maximum_is_marked_where_it_is():
    heatmap = np.zeros((16, 8), np.float32)
    heatmap[12, 2] = 1.0
    mixed = overlay_heatmap(np.zeros((64, 32, 3), np.uint8), heatmap)
    assert mixed.shape == (64, 32, 3)
    rows, columns = np.nonzero((mixed == 255).all(-1))
    assert abs(rows.mean() - 50) <= 1
    assert abs(columns.mean() - 10) <= 1
    # Red where it is hot, blue where it is cold.
    assert mixed[2, 30].argmax() == 2


def test_a_constant_map_is_no_error():
    mixed = overlay_heatmap(np.zeros((8, 8, 3), np.uint8), np.zeros((2, 2)))
    assert mixed.shape == (8, 8, 3)


def test_heatmap_is_the_models_own(model_and_data):
    model, dataset = model_and_data
    model.train()
    heatmap = predict_heatmap(model, dataset, 1, 3)
    assert model.training
    model.eval()
    data = model.data_preprocessor(pseudo_collate([dataset[1]]), False)
    with torch.no_grad():
        expected = model(data['inputs'], None, mode='tensor')[0, 3]
    torch.testing.assert_close(torch.from_numpy(heatmap), expected)


def test_heatmap_comparison_is_written(model_and_data, tmp_path):
    model, dataset = model_and_data
    out = save_heatmap_comparison(
        {'a': model, 'b': model}, dataset, 0, 'left_wrist', tmp_path / 'h.png'
    )
    assert cv2.imread(str(out)).std() > 0


@pytest.mark.parametrize(
    ('index', 'joint', 'message'),
    [
        (0, 'tail', "no joint 'tail'; choose from right_ankle, "),
        (99, 'neck', 'no sample 99; choose from 0 to '),
    ],
)
def test_wrong_joint_or_sample(model_and_data, tmp_path, index, joint, message):
    model, dataset = model_and_data
    with pytest.raises(UserError, match=message):
        save_heatmap_comparison({'a': model}, dataset, index, joint, tmp_path / 'h.png')


def test_grid_of_predictions(model_and_data, tmp_path):
    model, dataset = model_and_data
    out = save_pose_grid(
        model, dataset, tmp_path / 'g.png', num=2, columns=2, cell=(60, 50)
    )
    assert cv2.imread(str(out)).shape == (50 + 12, 2 * 66 + 6, 3)
