"""SADI-Net's figures: what they pick and what they show."""

import copy
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmpose.registry import DATASETS
from mmpose.structures import PoseDataSample

from mmpose_ext.testing import build_from_config
from mmpose_ext.utils import UserError
from mmpose_ext.visualization import (
    plot_density,
    plot_output_curves,
    save_h1_h2,
    save_hard_examples,
)
from mmpose_ext.visualization.hard_examples import (
    count_occluded,
    draw_on_crop,
    predict_dataset,
    rank_hard_samples,
    sample_error,
)
from mmpose_ext.visualization.learned_heatmaps import both_heatmaps, density_maps
from mmpose_ext.visualization.scalars import series

SMALL = Path(__file__).resolve().parents[2] / 'configs' / 'sadinet' / 'small'


@pytest.fixture(scope='module')
def sadinet():
    torch.manual_seed(0)
    return build_from_config(
        SMALL / 'td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'
    ).eval()


@pytest.fixture(scope='module')
def dataset():
    config = Config.fromfile(
        str(SMALL / 'td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py')
    )
    init_default_scope('mmpose')
    return DATASETS.build({**config.test_dataloader.dataset, 'num_images': 3})


def person(moved, flags=(2, 2, 2, 2), annotated=(1, 1, 1, 1), raw=True):
    """Four joints, all predicted ``moved`` pixels off, in a box of 100 by 50."""
    points = np.array([[[10.0, 10], [20, 20], [30, 30], [40, 40]]])
    info = dict(input_scale=np.array([100.0, 50]), input_center=np.array([50.0, 25]))
    if raw:
        flat = [
            v for (x, y), f in zip(points[0], flags, strict=True) for v in (x, y, f)
        ]
        info['raw_ann_info'] = dict(keypoints=flat)
    truth = InstanceData(
        keypoints=points, keypoints_visible=np.float32(annotated)[None]
    )
    found = InstanceData(
        keypoints=points + np.array([moved, 0]), keypoint_scores=np.ones((1, 4))
    )
    return PoseDataSample(metainfo=info, gt_instances=truth, pred_instances=found)


def test_error_and_hidden_joints_of_a_sample():
    assert sample_error(person(5)) == pytest.approx(0.05)
    assert count_occluded(person(0, flags=(2, 1, 0, 2))) == 2
    assert count_occluded(person(0, annotated=(1, 0, 1, 1), raw=False)) == 1


def test_ranking():
    samples = [
        person(1),
        person(9),
        person(3, flags=(1, 2, 2, 2)),
        person(50, annotated=(1, 0, 0, 0)),  # too little truth
        person(7, flags=(1, 2, 2, 2)),
        person(90, flags=(1, 1, 1, 2)),  # too little can be seen
        person(2, flags=(1, 1, 2, 2)),
    ]
    other = [person(1) for _ in samples]
    # The mean of both networks' errors.
    worst = rank_hard_samples([samples, other], 'worst', 3)
    assert [s.index for s in worst] == [1, 4, 2]
    assert worst[0].error == pytest.approx(0.05)
    hidden = rank_hard_samples([samples], 'occluded', 3)
    assert [(s.index, s.occluded) for s in hidden] == [(6, 2), (4, 1), (2, 1)]
    with pytest.raises(UserError, match="rule='best' is unknown; choose from"):
        rank_hard_samples([samples], 'best')
    with pytest.raises(UserError, match='half of its joints'):
        rank_hard_samples([[samples[3], samples[5]]])


def test_a_joint_is_drawn_where_it_is_in_the_crop():
    meta = dict(
        num_keypoints=4,
        keypoint_id2name=dict(enumerate('abcd')),
        keypoint_name2id={n: i for i, n in enumerate('abcd')},
        keypoint_colors=np.full((4, 3), 255),
        skeleton_links=[],
        skeleton_link_colors=np.zeros((0, 3)),
        dataset_name='t',
        dataset_keypoints=4,
    )
    crop = np.zeros((32, 64, 3), np.uint8)
    sample = person(20.0, annotated=(1, 1, 1, 0))
    # The box of 100 by 50 becomes 320 by 160.
    drawn = draw_on_crop(crop, sample, meta)[..., 0] > 128
    assert drawn.shape == (160, 320)
    for x, y in ((30, 10), (40, 20), (60, 40)):
        assert drawn[round(y * 3.2), round(x * 3.2)]
    truth = draw_on_crop(crop, sample, meta, truth=True)[..., 0] > 128
    assert truth[32, 32]
    assert not drawn[32, 32]
    assert not truth[128, 128]  # joint d is not annotated


def test_predictions_are_those_of_single_batches(sadinet, dataset):
    other = copy.deepcopy(sadinet)
    other.head.final_layer.weight.data.neg_()
    together = predict_dataset([sadinet, other], dataset, batch_size=2)
    one = predict_dataset([sadinet], dataset, batch_size=1)[0]
    assert len(together[0]) == len(together[1]) == len(one) == len(dataset) > 2
    for a, b, c in zip(*together, one, strict=True):
        found, moved, alone = (x.pred_instances.keypoints for x in (a, b, c))
        np.testing.assert_allclose(found, alone, atol=1e-3)
        assert np.abs(found - moved).max() > 1


def test_hard_examples_are_written(sadinet, dataset, tmp_path):
    models = {'a': sadinet, 'b': sadinet}
    out = save_hard_examples(models, dataset, tmp_path / 'h.png', num=2)
    assert cv2.imread(str(out)).std() > 0


def test_both_heat_maps_are_the_heads(sadinet, dataset):
    maps = both_heatmaps(sadinet, dataset, 1)
    info = dataset[1]
    data = sadinet.data_preprocessor(
        dict(inputs=[info['inputs']], data_samples=[info['data_samples']]), False
    )
    with torch.no_grad():
        feats = sadinet.extract_feat(data['inputs'])
        torch.testing.assert_close(
            torch.from_numpy(maps['h1']), sadinet.head.h1(feats)[0]
        )
        torch.testing.assert_close(
            torch.from_numpy(maps['h2']), sadinet.head.h2(feats)[0]
        )
    # The true map peaks at the joint, in pixels of the 32x32 map.
    sample = info['data_samples']
    corner = sample.input_center - 0.5 * sample.input_scale
    joints = (sample.gt_instances.keypoints[0] - corner) / sample.input_scale * 32
    for joint, heat in zip(joints, maps['truth'], strict=True):
        if heat.max() > 0:
            y, x = np.unravel_index(heat.argmax(), heat.shape)
            assert math.hypot(x - joint[0], y - joint[1]) < 0.75


def test_h1_h2_is_written_and_refused(sadinet, dataset, tmp_path):
    out = save_h1_h2(sadinet, dataset, 0, tmp_path / 'o.png', ['neck', 'left_wrist'])
    assert cv2.imread(str(out)).std() > 0
    plain = build_from_config(
        SMALL / 'td-hm_hourglass-w16_1xb32-8e_synthetic-128x128.py'
    )
    with pytest.raises(UserError, match='HeatmapHead has no H1 and H2'):
        save_h1_h2(plain, dataset, 0, tmp_path / 'o.png')
    with pytest.raises(UserError, match='no sample 7'):
        save_h1_h2(sadinet, dataset, 7, tmp_path / 'o.png')
    with pytest.raises(UserError, match='HeatmapHead has no H1'):
        plot_density(plain, tmp_path / 'd.png')


def test_density_splits_into_gaussian_and_learned_part(sadinet, tmp_path):
    maps = density_maps(sadinet.head.dlm)
    middle = len(maps['axis']) // 2
    assert maps['axis'][middle].abs() < 1e-6
    assert maps['gaussian'][middle, middle] == pytest.approx(1)
    torch.testing.assert_close(maps['mixed'] * 2, maps['gaussian'] + maps['learned'])
    # Both are densities over 2 pi: the sum over the grid is 2 pi.
    cell = (maps['axis'][1] - maps['axis'][0]) ** 2
    for name in ('gaussian', 'learned'):
        assert maps[name].sum() * cell == pytest.approx(2 * math.pi, rel=0.02)
    assert cv2.imread(str(plot_density(sadinet, tmp_path / 'd.png'))).std() > 0


RECORDS = [
    {'PCK@0.2': 1.0, 'h2/PCK@0.2': 0.5, 'step': 0},
    {'loss': 3.0, 'loss_h1': 2.0, 'loss_h2': 1.0, 'acc_pose': 0.1, 'acc_h2': 0.2,
     'epoch': 1, 'iter': 10, 'step': 10},
    {'loss': 2.0, 'loss_h1': 1.0, 'loss_h2': 0.5, 'acc_pose': 0.2, 'acc_h2': 0.1,
     'epoch': 1, 'iter': 20, 'step': 20},
    {'PCK@0.2': 5.0, 'h2/PCK@0.2': 4.0, 'step': 1},
]  # fmt: skip
PLAIN = [{'loss': 1.0, 'loss_kpt': 1.5, 'epoch': 1, 'iter': 10, 'step': 10}]


def test_series_by_iteration():
    assert series(RECORDS, ('loss_h1', 'loss_kpt')) == [(10, 2.0), (20, 1.0)]
    assert series(PLAIN, ('loss_h1', 'loss_kpt')) == [(10, 1.5)]
    assert series(PLAIN, ('loss_h2',)) == []
    # A resumed run repeats an iteration: the later record counts.
    assert series([*PLAIN, {**PLAIN[0], 'loss_kpt': 9.0}], ('loss_kpt',)) == [(10, 9)]


def test_curves_of_two_runs(tmp_path):
    runs = {'default': RECORDS, 'hourglass': PLAIN}
    out = plot_output_curves(runs, tmp_path / 'r.png', title='both')
    assert cv2.imread(str(out)).std() > 0
    with pytest.raises(UserError, match="no run recorded 'AP'; recorded: PCK@0.2, "):
        plot_output_curves(runs, tmp_path / 'x.png', 'AP')
    assert not (tmp_path / 'x.png').exists()
