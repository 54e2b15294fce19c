"""The mean-pose predictor, against figures worked out by hand."""

import json

import numpy as np
import pytest
from mmengine.config import Config
from mmpose.datasets.transforms import GetBBoxCenterScale, TopdownAffine

from mmpose_ext.datasets.body import LspDataset
from mmpose_ext.evaluation.mean_pose import (
    CropFrame,
    fit_mean_pose,
    mean_pose_baseline,
    mean_pose_sample,
)
from mmpose_ext.utils import UserError

TOOL = 'analysis/mean_pose_baseline.py'
PIPELINE = [
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='TopdownAffine', input_size=(64, 64)),
]


def write_annotations(path, people):
    """People are (bbox xywh, joints (14, 3)), one to an image of 400x400."""
    images = [
        dict(id=i, file_name=f'{i}.jpg', width=400, height=400)
        for i in range(1, len(people) + 1)
    ]
    annotations = [
        dict(
            id=i,
            image_id=i,
            category_id=1,
            iscrowd=0,
            bbox=list(bbox),
            keypoints=np.ravel(joints).tolist(),
            num_keypoints=int((joints[:, 2] > 0).sum()),
        )
        for i, (bbox, joints) in enumerate(people, start=1)
    ]
    categories = [dict(id=1, name='person')]
    path.write_text(
        json.dumps(dict(images=images, annotations=annotations, categories=categories))
    )
    return str(path)


def joints_at(box, spot, visible=2):
    """All joints at the given relative spots of a box, shape (14, 3)."""
    x, y, w, h = box
    spot = np.broadcast_to(spot, (14, 2))
    xy = np.array([x, y]) + spot * [w, h]
    return np.column_stack([xy, np.full(14, visible)])


def test_frame_is_that_of_the_pipeline():
    # A box of 40x80 becomes 50x100 by padding, 100x100 by the square aspect.
    frame = CropFrame.from_pipeline(PIPELINE)
    box = np.array([[100.0, 200, 140, 280]])
    points = np.array([[[120.0, 240], [70, 190], [170, 240]]])
    normalized = frame.normalize(points, box)
    np.testing.assert_allclose(normalized, [[[0, 0], [-0.5, -0.5], [0.5, 0]]])
    np.testing.assert_allclose(frame.denormalize(normalized, box), points)


def test_frame_agrees_with_mmposes_transforms():
    rng = np.random.default_rng(0)
    frame = CropFrame(1.4, (48, 64))
    info = dict(
        img=np.zeros((300, 300, 3), np.uint8),
        bbox=np.array([[30.0, 50, 200, 130]], np.float32),
        keypoints=rng.uniform(0, 300, (1, 14, 2)).astype(np.float32),
    )
    out = TopdownAffine((48, 64))(GetBBoxCenterScale(1.4)(dict(info)))
    crop = (frame.normalize(info['keypoints'], info['bbox']) + 0.5) * [48, 64]
    np.testing.assert_allclose(out['transformed_keypoints'], crop, atol=1e-3)


def test_mean_is_over_annotated_joints(tmp_path):
    box = (100, 100, 80, 80)
    left, right = joints_at(box, (0.25, 0.5)), joints_at(box, (0.75, 0.5))
    right[3] = 0  # one joint of the second person is not annotated
    dataset = LspDataset(
        ann_file=write_annotations(tmp_path / 'a.json', [(box, left), (box, right)])
    )
    mean = fit_mean_pose(dataset, CropFrame(1.25, (64, 64)))
    expected = np.zeros((14, 2))
    expected[3] = -0.2, 0  # a quarter of the box is a fifth of the padded one
    np.testing.assert_allclose(mean, expected, atol=1e-6)


def test_joint_without_annotation_is_named(tmp_path):
    box = (100, 100, 80, 80)
    joints = joints_at(box, (0.5, 0.5))
    joints[12] = 0
    dataset = LspDataset(
        ann_file=write_annotations(tmp_path / 'a.json', [(box, joints)])
    )
    with pytest.raises(UserError, match='no training person has annotated neck'):
        fit_mean_pose(dataset, CropFrame(1.25, (64, 64)))


def test_sample_scales_with_its_box():
    info = dict(bbox=np.array([[0.0, 0, 80, 40]]), id=7, img_id=3)
    mean = np.tile([0.5, -0.5], (14, 1))
    sample = mean_pose_sample(info, mean, CropFrame(1.0, (64, 64)))
    keypoints = sample.pred_instances.keypoints
    np.testing.assert_allclose(keypoints, np.tile([80.0, -20], (1, 14, 1)))
    assert sample.id == 7


@pytest.fixture
def config(tmp_path):
    """Test persons whose pose is the mean one, but for one wrist of the second."""
    rng = np.random.default_rng(1)
    spots = rng.uniform(0.1, 0.9, (14, 2))
    spots[9], spots[2] = (0.8, 0.1), (0.2, 0.9)  # the torso: 80 px in a box of 80
    small, large = (10, 10, 80, 80), (100, 100, 160, 160)
    wrong = joints_at(large, spots)
    wrong[6, :2] += 60
    people = [(small, joints_at(small, spots)), (large, wrong)]
    write_annotations(tmp_path / 'train.json', people[:1])
    write_annotations(tmp_path / 'test.json', people)
    dataset = dict(type='LspDataset', data_root=str(tmp_path))
    text = Config(
        dict(
            default_scope='mmpose',
            train_dataloader=dict(dataset={**dataset, 'ann_file': 'train.json'}),
            test_dataloader=dict(
                dataset={
                    **dataset,
                    'ann_file': 'test.json',
                    'test_mode': True,
                    'pipeline': PIPELINE,
                }
            ),
            test_evaluator=dict(type='TorsoPCKAccuracy', thr=0.2),
        )
    ).pretty_text
    path = tmp_path / 'config.py'
    path.write_text(text)
    return path


def test_baseline_by_the_configs_metric(config):
    figures = mean_pose_baseline(Config.fromfile(config))
    assert figures['right_wrist PCK@0.2'] == 50
    assert figures['PCK@0.2'] == pytest.approx(100 * 27 / 28)


def test_tool_prints_and_writes(config, tmp_path, capsys, run_tool):
    out = tmp_path / 'figures.json'
    assert run_tool(TOOL, config, '--out', out) == 0
    assert json.loads(out.read_text())['right_wrist PCK@0.2'] == 50
    assert 'Wrist PCK@0.2' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['train_dataloader.dataset.ann_file=none.json'], 'does not exist'),
        (['test_dataloader.dataset.pipeline=[]'], 'has no GetBBoxCenterScale'),
    ],
)
def test_tool_on_bad_configs(config, capsys, options, message, run_tool):
    assert run_tool(TOOL, config, '--cfg-options', *options) == 2
    assert message in capsys.readouterr().err


def test_real_sample_is_hard_for_the_mean_pose(shared_data, tmp_path):
    from mmpose_ext.datasets.converters import convert_lsp

    root = shared_data / 'lspet'
    splits = {'train': (1, 400), 'test': (401, 500)}
    convert_lsp(root / 'joints.mat', root / 'images', tmp_path, splits, progress=False)
    train = LspDataset(ann_file=str(tmp_path / 'lspet_train.json'))
    mean = fit_mean_pose(train, CropFrame(1.25, (256, 256)))
    assert (np.abs(mean) < 0.2).all()  # people in all attitudes: near the center
