"""The whole way: pictures, augmentation, a step of training, people, and AP."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS, METRICS, TRANSFORMS

from mmpose_ext.testing import build_from_config, parameters_without_gradient

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'lrfg_yolopose'
SMALL = CONFIGS / 'small' / 'lrfg-yolopose-n_1xb8-12e_synthetic-256.py'
PLAIN = CONFIGS / 'small' / 'lrfg-yolopose-n_1xb4-260e_coco-256_plain.py'


@pytest.fixture(scope='module')
def config():
    init_default_scope('mmpose')
    return Config.fromfile(str(SMALL))


@pytest.fixture(scope='module')
def train_set(config):
    config.train_dataloader.dataset.num_images = 5
    return DATASETS.build(config.train_dataloader.dataset)


@pytest.fixture(scope='module')
def val_set(config):
    config.val_dataloader.dataset.num_images = 2
    return DATASETS.build(config.val_dataloader.dataset)


@pytest.fixture(scope='module')
def model(config):
    torch.manual_seed(0)
    return build_from_config(Config.fromfile(str(SMALL)))


@pytest.fixture(scope='module')
def batch(train_set):
    np.random.seed(0)  # noqa: NPY002
    return pseudo_collate([train_set[0], train_set[1]])


def test_training_samples(train_set):
    for index in range(len(train_set)):
        item = train_set[index]
        assert item['inputs'].shape == (3, 256, 256)
        people = item['data_samples'].gt_instance_labels
        if not len(people):
            continue
        assert people.keypoints.shape == (len(people), 17, 2)
        # MMPose's flip takes x to width - 1 - x.
        assert (people.bboxes >= -1).all()
        assert (people.bboxes <= 256).all()
        assert (people.bboxes[:, 2:] > people.bboxes[:, :2]).all()
        assert ((people.keypoints_visible == 0) | (people.keypoints_visible == 1)).all()
        seen = people.keypoints[people.keypoints_visible > 0]
        assert (seen >= -1).all()
        assert (seen <= 256).all()


def test_a_step_of_training_reaches_every_parameter(model, batch, config):
    model.train()
    data = model.data_preprocessor(batch, True)
    assert 0.5 < data['inputs'].max() <= 1
    losses = model(**data, mode='loss')
    assert set(losses) == {'loss_bbox', 'loss_obj', 'loss_kpt', 'loss_vis'}
    # The coarse level needs somebody to answer for.
    people = data['data_samples'][0].gt_instance_labels
    people.bboxes[0] = torch.tensor([5.0, 5, 250, 250])
    sum(model(**data, mode='loss').values()).backward()
    assert parameters_without_gradient(model) == []
    optim = build_optim_wrapper(model, config.optim_wrapper)
    before = [p.detach().clone() for p in model.parameters()]
    logs = model.train_step(batch, optim)
    assert all(torch.as_tensor(value).isfinite().all() for value in logs.values())
    moved = [
        not torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True)
    ]
    assert all(moved)


def test_groups_of_the_whole_model(model):
    """No decay of norm layers, biases and implicit vectors."""
    main = Config.fromfile(str(CONFIGS / 'lrfg-yolopose_2xb32-80e_coco-960.py'))
    groups = build_optim_wrapper(model, main.optim_wrapper).optimizer.param_groups
    names = {id(p): name for name, p in model.named_parameters()}
    decayed = {
        names[id(p)] for g in groups if g['weight_decay'] > 0 for p in g['params']
    }
    biases = {names[id(p)] for g in groups if g['is_bias'] for p in g['params']}
    weights = {
        name
        for name, parameter in model.named_parameters()
        if parameter.ndim == 4 and not name.endswith('.implicit')
    }
    assert decayed == weights
    assert biases == {name for name in names.values() if name.endswith('.bias')}
    assert sum(name.endswith('.implicit') for name in names.values()) == 16


def test_predictions_are_evaluated(model, val_set, config):
    model.eval()
    batch = pseudo_collate([val_set[0], val_set[1]])
    samples = model.test_step(batch)
    metric = METRICS.build(config.val_evaluator)
    metric.dataset_meta = val_set.metainfo
    metric.process(None, [sample.to_dict() for sample in samples])
    scores = metric.evaluate(size=2)
    assert 0 <= scores['coco/AP'] <= 1


@pytest.mark.parametrize('empty', [1, 2])
def test_truth_scores_one_and_images_without_detection_do_no_harm(
    val_set, config, empty
):
    """Annotations as predictions; of one image, or of both, nothing is found."""
    samples = []
    for index in range(2):
        sample = val_set[index]['data_samples']
        truth = sample.gt_instances
        count = 0 if index < empty else len(truth)
        sample.pred_instances = truth[:count]
        sample.pred_instances.keypoint_scores = truth.keypoints_visible[:count]
        samples.append(sample.to_dict())
    metric = METRICS.build(config.val_evaluator)
    metric.dataset_meta = val_set.metainfo
    metric.process(None, samples)
    scores = metric.evaluate(size=2)
    if empty == 2:
        assert scores['coco/AP'] == 0
    else:
        assert 0 < scores['coco/AR'] < 1


def test_sides_that_are_no_multiple_of_64_are_filled_up(model):
    """A 96 x 160 batch becomes 128 x 192, and people keep their places."""
    model.eval()
    picture = torch.randint(0, 256, (3, 96, 160), dtype=torch.uint8)
    data = model.data_preprocessor(dict(inputs=[picture], data_samples=[]), False)
    assert data['inputs'].shape == (1, 3, 128, 192)
    assert not data['inputs'][:, :, 96:].any()
    assert not data['inputs'][:, :, :, 160:].any()
    with torch.no_grad():
        boxes, points = model.head(model.extract_feat(data['inputs']))
    assert [tuple(b.shape[2:]) for b in boxes] == [(16, 24), (8, 12), (4, 6), (2, 3)]
    assert points[0].shape[1] == 3 * 17 * 3


def test_a_picture_without_people_is_predicted(model, val_set):
    pipeline = val_set.pipeline
    blank = np.zeros((100, 60, 3), np.uint8)
    info = dict(img=blank, **val_set.metainfo)
    (sample,) = model.test_step(pseudo_collate([pipeline(info)]))
    assert sample.pred_instances.keypoints.shape[1:] == (17, 2)


def test_real_images_through_the_real_pipeline(shared_data, model):
    root = shared_data / 'coco_mini'
    config = Config.fromfile(str(CONFIGS / 'lrfg-yolopose_2xb32-80e_coco-640.py'))
    options = dict(data_root=str(root))
    dataset = DATASETS.build(dict(config.train_dataloader.dataset, **options))
    # Only images with an annotated person are left; some of these without joints.
    assert len(dataset) == 36
    np.random.seed(0)  # noqa: NPY002
    batch = pseudo_collate([dataset[0], dataset[3]])
    model.train()
    data = model.data_preprocessor(batch, True)
    data['inputs'] = data['inputs'][:, :, :256, :256]
    losses = model(**data, mode='loss')
    assert all(value.isfinite() for value in losses.values())


def test_real_image_of_people_without_joints(shared_data, model):
    plain = Config.fromfile(str(PLAIN)).train_dataloader.dataset
    plain.data_root = str(shared_data / 'coco_mini')
    dataset = DATASETS.build(plain)
    unlabeled = [
        index
        for index in range(len(dataset))
        if not dataset.get_data_info(index)['keypoints_visible'].any()
    ]
    assert len(unlabeled) == 8
    item = dataset[unlabeled[0]]
    assert item['inputs'].shape == (3, 256, 256)
    assert len(item['data_samples'].gt_instance_labels) == 0
    model.train()
    data = model.data_preprocessor(pseudo_collate([item, item]), True)
    losses = model(**data, mode='loss')
    assert losses['loss_obj'] > 0
    assert losses['loss_bbox'] == losses['loss_kpt'] == losses['loss_vis'] == 0


def test_augmented_joints_stay_on_the_figures(train_set):
    """Marks painted on the joints are where the moved annotations say."""
    info = train_set.get_data_info(0)
    image = np.zeros_like(info['img'])
    for x, y in info['keypoints'].reshape(-1, 2):
        cv2.circle(image, (round(float(x)), round(float(y))), 3, (255, 255, 255), -1)
    info['img'] = image
    info['dataset'] = train_set
    steps = [
        step
        for step in train_set.pipeline.transforms
        if type(step).__name__ not in ('Mosaic', 'GenerateTarget', 'FastPackPoseInputs')
    ]
    steps[1].canvas = 1.0
    try:
        for step in steps:
            info = step(info)
    finally:
        steps[1].canvas = 2.0
    height, width = info['img'].shape[:2]
    for (x, y), visible in zip(
        info['keypoints'].reshape(-1, 2),
        info['keypoints_visible'].reshape(-1),
        strict=True,
    ):
        if visible and 1 < x < width - 2 and 1 < y < height - 2:
            assert info['img'][round(float(y)), round(float(x))].max() > 100


def test_the_settings_of_the_test_are_checked_before_training():
    config = Config.fromfile(SMALL)
    config.model.test_cfg = dict(nms_thr=0.5)
    assert build_from_config(config).head.test_cfg == dict(nms_thr=0.5)
    config.model.test_cfg.nms_thr = 2
    with pytest.raises(ValueError, match='YOLOPoseHead: test_cfg.nms_thr=2 is out of'):
        build_from_config(config)


def test_a_packed_scene_equals_mmposes(train_set):
    *steps, fast = train_set.pipeline.transforms
    info = dict(train_set.get_data_info(0), dataset=train_set)
    for step in steps:
        info = step(info)
    plain = TRANSFORMS.build(dict(type='PackPoseInputs'))
    ours, theirs = fast(dict(info)), plain(dict(info))
    assert type(fast).__name__ == 'FastPackPoseInputs'
    assert torch.equal(ours['inputs'], theirs['inputs'])
    ours, theirs = ours['data_samples'], theirs['data_samples']
    assert len(theirs.gt_instance_labels) > 0
    for part in ('gt_instances', 'gt_instance_labels'):
        a, b = ours.get(part), theirs.get(part)
        assert set(a.keys()) == set(b.keys())
        for name, value in b.items():
            np.testing.assert_array_equal(np.asarray(a[name]), np.asarray(value))
    assert set(ours.metainfo_keys()) == set(theirs.metainfo_keys())
    for name, value in theirs.metainfo_items():
        np.testing.assert_equal(ours.get(name), value)
