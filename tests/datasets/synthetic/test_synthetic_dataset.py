"""The registered data set in MMPose's own pipeline and metrics."""

import cv2
import numpy as np
import pytest
from mmengine.registry import init_default_scope
from mmpose.evaluation.metrics import CocoMetric, MpiiPCKAccuracy, PCKAccuracy
from mmpose.registry import DATASETS
from numpy.testing import assert_allclose, assert_array_equal

from mmpose_ext.datasets.conventions import CONVENTIONS, metainfo_file
from mmpose_ext.datasets.synthetic import SyntheticPoseDataset

CODEC = dict(type='MSRAHeatmap', input_size=(96, 128), heatmap_size=(24, 32), sigma=2)
PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(96, 128)),
    dict(type='GenerateTarget', encoder=CODEC),
    dict(type='PackPoseInputs'),
]
KEYPOINTS = {'coco': 17, 'mpii': 16, 'lsp': 14, 'ntu': 25}


def build(**kwargs) -> SyntheticPoseDataset:
    init_default_scope('mmpose')
    kwargs = {'num_images': 4, 'size': (96, 96), **kwargs}
    return DATASETS.build(dict(type='SyntheticPoseDataset', **kwargs))


@pytest.mark.parametrize('convention', KEYPOINTS)
def test_sample_goes_through_the_unchanged_pipeline(convention):
    dataset = build(convention=convention, pipeline=PIPELINE)
    count = KEYPOINTS[convention]
    assert dataset.metainfo['num_keypoints'] == count
    sample = dataset[0]
    assert sample['inputs'].shape == (3, 128, 96)
    truth = sample['data_samples'].gt_instances
    assert truth.keypoints.shape == (1, count, 2)
    assert truth.head_size.shape == (1, 1)
    assert sample['data_samples'].gt_fields.heatmaps.shape == (count, 32, 24)


@pytest.mark.parametrize('convention', KEYPOINTS)
def test_metainfo_matches_the_convention(convention):
    meta = build(convention=convention, lazy_init=True).metainfo
    other_names = {'upper_neck': 'neck', 'thorax': 'spine_shoulder'}
    if convention == 'mpii':
        other_names = {}
    ours = [other_names.get(name, name) for name in CONVENTIONS[convention]]
    assert list(meta['keypoint_id2name'].values()) == ours
    for i, name in enumerate(ours):
        swapped = name
        if name.startswith('left'):
            swapped = 'right' + name[4:]
        elif name.startswith('right'):
            swapped = 'left' + name[5:]
        assert ours[meta['flip_indices'][i]] == swapped
    assert len(meta['sigmas']) == len(meta['dataset_keypoint_weights']) == len(ours)


def test_annotations_are_those_of_the_figures():
    dataset = build(num_images=3, start=7)
    expected = []
    for index in (7, 8, 9):
        for person in dataset.figures.render(index, image=False).persons:
            expected.append((index + 1, person))
    assert len(dataset) == len(expected)
    for i, (number, person) in enumerate(expected):
        info = dataset.get_data_info(i)
        points = person.keypoints(CONVENTIONS['coco'])
        inside = points[:, 2] > 0
        assert (info['img_id'], info['id']) == (number, i + 1)
        assert_allclose(info['keypoints'][0][inside], points[inside, :2], atol=0.006)
        assert_array_equal(info['keypoints_visible'][0], np.minimum(points[:, 2], 1))
        assert info['area'] == person.area
        assert_allclose(info['head_size'], [[0.75 * person.head_length]], rtol=1e-6)
        assert_array_equal(info['img'], dataset.figures[number - 1].image)


def test_cached_images_are_close_to_painted_ones():
    painted, cached = build(), build(cache_images=True)
    for i in range(len(painted)):
        a, b = painted.get_data_info(i), cached.get_data_info(i)
        assert_array_equal(a['keypoints'], b['keypoints'])
        # JPEG changes the noise; what is larger than its blocks must stay.
        smooth = [cv2.blur(x['img'].astype(float), (9, 9)) for x in (a, b)]
        assert np.abs(smooth[0] - smooth[1]).mean() < 2


def test_several_processes_give_the_same_list():
    one, two = build(), build(workers=2)
    assert len(one) == len(two)
    for i in range(len(one)):
        assert_array_equal(
            one.get_data_info(i)['keypoints'], two.get_data_info(i)['keypoints']
        )


def test_bottom_up_groups_by_image():
    dataset = build(data_mode='bottomup', num_images=3, persons=(2, 3))
    info = dataset.get_data_info(0)
    assert info['keypoints'].shape[1:] == (17, 2)
    assert len(info['keypoints']) == len(info['head_size'])


def perfect(dataset) -> list[dict]:
    samples = []
    for i in range(len(dataset)):
        sample = dataset[i]['data_samples']
        truth = sample.gt_instances
        points = truth.keypoints
        sample = sample.to_dict()
        sample['pred_instances'] = dict(
            keypoints=points.copy(),
            keypoint_scores=np.ones(points.shape[:2]),
            bboxes=truth.bboxes,
            bbox_scores=np.ones(1),
        )
        samples.append(sample)
    return samples


def test_pck_of_perfect_predictions_is_one():
    dataset = build(convention='lsp', pipeline=PIPELINE, test_mode=True)
    metric = PCKAccuracy(thr=0.2, norm_item=['bbox', 'head'])
    samples = perfect(dataset)
    metric.process([], samples)
    assert metric.evaluate(len(samples)) == {'PCK': 1.0, 'PCKh': 1.0}


def test_pckh_of_perfect_and_of_shifted_predictions():
    dataset = build(convention='mpii', pipeline=PIPELINE, test_mode=True)
    for shift, expected in ((0.0, 100.0), (1000.0, 0.0)):
        metric = MpiiPCKAccuracy()
        samples = perfect(dataset)
        for sample in samples:
            sample['pred_instances']['keypoints'] += shift
        metric.process([], samples)
        assert metric.evaluate(len(samples))['PCK'] == pytest.approx(expected)


def test_coco_metric_needs_no_file(tmp_path):
    dataset = build(pipeline=PIPELINE, test_mode=True)
    metric = CocoMetric(outfile_prefix=str(tmp_path / 'result'))
    metric.dataset_meta = dataset.metainfo
    samples = perfect(dataset)
    metric.process([], samples)
    assert metric.evaluate(len(samples))['coco/AP'] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (
            dict(convention='halpe'),
            r"SyntheticPoseDataset: convention='halpe' is unknown.*'coco'",
        ),
        (dict(num_images=0), 'num_images=0'),
        (dict(start=-1), 'start=-1'),
        (dict(ann_file='a.json'), 'ann_file'),
        (dict(persons=(0, 1)), 'persons'),
        (
            dict(convention='lsp', metainfo=dict(from_file=metainfo_file('coco'))),
            r"metainfo='coco' has 17 joints, convention='lsp' has 14",
        ),
    ],
)
def test_wrong_arguments_are_named(kwargs, message):
    with pytest.raises(ValueError, match=message):
        build(**kwargs)
