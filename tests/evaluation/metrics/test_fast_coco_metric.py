"""The fast COCO metric against MMPose's and pycocotools', figure by figure."""

import copy
import json

import numpy as np
import pytest
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.functional import oks_nms, soft_oks_nms
from mmpose.evaluation.metrics import CocoMetric
from pycocotools.coco import COCO as PlainCOCO
from pycocotools.cocoeval import COCOeval as PlainEval

from mmpose_ext.evaluation import keypoint_scorer
from mmpose_ext.evaluation.keypoint_scorer import STATS, KeypointScorer
from mmpose_ext.evaluation.metrics import FastCocoMetric
from mmpose_ext.evaluation.oks_suppression import suppress
from mmpose_ext.utils import ConfigError, UserError

META = parse_pose_metainfo(CocoDataset.METAINFO)


def scene(seed, images=6, joints=17):
    """People, some of them crowds or without joints, and top-down predictions.

    Scores tie, samples and people repeat, and one image has nobody.
    """
    rng = np.random.default_rng(seed)
    people, samples = [], []
    for image in range(images - 1):
        for _ in range(rng.integers(1, 25)):
            side = rng.choice([25, 60, 90, 130])
            corner = rng.uniform(0, 300, 2)
            pose = corner + rng.uniform(0, 1, (joints, 2)) * side
            seen = rng.choice([0, 1, 2], (joints, 1), p=[0.2, 0.2, 0.6])
            if rng.random() < 0.1:
                seen[:] = 0
            person = dict(
                # Also the identifier 0.
                id=len(people),
                image_id=image,
                category_id=1,
                iscrowd=int(rng.random() < 0.15),
                area=float(side**2 * rng.uniform(0.4, 0.8)),
                bbox=[*corner.tolist(), float(side), float(side)],
                num_keypoints=int((seen > 0).sum()),
                keypoints=np.hstack([pose, seen]).ravel().tolist(),
            )
            people.append(person)
            for part in rng.choice([0.01, 0.03, 0.2, 1], rng.integers(0, 4)):
                moved = pose + rng.normal(0, part * side, pose.shape)
                samples.append(sample_of(rng, person, moved, side))
    samples += samples[::7]
    rng.shuffle(samples)
    file = dict(
        images=[
            dict(id=i, width=480, height=480, file_name=f'{i}.jpg')
            for i in range(images)
        ],
        annotations=people,
        categories=[dict(id=1, name='person')],
    )
    return file, samples


def sample_of(rng, person, pose, side):
    corner = np.array(person['bbox'][:2])
    scores = rng.choice([0.1, 0.5, 0.9], (1, len(pose))).astype(np.float32)
    return dict(
        id=int(rng.integers(0, 10_000)),
        img_id=person['image_id'],
        category_id=1,
        ori_shape=(480, 480),
        raw_ann_info=person,
        pred_instances=dict(
            keypoints=pose[None].astype(np.float32),
            keypoint_scores=scores,
            bboxes=np.array([[*corner, *(corner + side)]], np.float32),
        ),
        gt_instances=dict(
            bbox_scores=rng.choice([0.3, 0.6], 1).astype(np.float32),
            bbox_scales=np.array([[side, side * 1.3]], np.float32),
        ),
    )


def metric_on(kind, path, samples, meta=META, **kwargs):
    metric = kind(ann_file=str(path), **kwargs)
    metric.dataset_meta = copy.deepcopy(meta)
    metric.process(None, copy.deepcopy(samples))
    return metric, metric.evaluate(len(samples))


@pytest.fixture
def write(tmp_path):
    def write(file):
        path = tmp_path / 'truth.json'
        path.write_text(json.dumps(file))
        return path

    return write


def meta_of(joints, seed):
    sigmas = np.random.default_rng(seed).uniform(0.02, 0.12, joints)
    return dict(META, num_keypoints=joints, sigmas=sigmas.astype(np.float32))


CASES = [
    dict(),
    dict(score_mode='bbox'),
    dict(score_mode='bbox_rle', nms_mode='soft_oks_nms'),
    dict(score_mode='keypoint', nms_mode='none'),
    dict(use_area=False, nms_thr=0.5),
    dict(nms_mode='soft_oks_nms', nms_thr=0.4, keypoint_score_thr=0.6),
]


@pytest.mark.parametrize('backend', ['hotcoco', 'cocotools'])
@pytest.mark.parametrize('case', range(len(CASES)))
def test_same_figures_and_file_as_mmposes(case, backend, write, tmp_path):
    if backend == 'hotcoco':
        pytest.importorskip('hotcoco')
    joints = (17, 14)[case % 2]
    meta = META if case == 0 else meta_of(joints, case)
    file, samples = scene(case, joints=joints)
    path, files = write(file), {}
    figures = {}
    for kind, extra in ((CocoMetric, {}), (FastCocoMetric, dict(backend=backend))):
        prefix = str(tmp_path / kind.__name__)
        _, figures[kind] = metric_on(
            kind, path, samples, meta, outfile_prefix=prefix, **CASES[case], **extra
        )
        files[kind] = json.loads((tmp_path / f'{prefix}.keypoints.json').read_text())
    assert files[FastCocoMetric] == files[CocoMetric]
    assert list(figures[FastCocoMetric]) == [f'coco/{name}' for name in STATS]
    assert figures[FastCocoMetric] == figures[CocoMetric]
    assert 0.05 < figures[CocoMetric]['coco/AP'] < 0.95


def test_same_figures_as_pycocotools(write, tmp_path):
    """On results that pycocotools and MMPose's xtcocotools treat alike."""
    pytest.importorskip('hotcoco')
    file, samples = scene(11)
    for person in file['annotations']:
        person['id'] += 1
    path = write(file)
    metric, _ = metric_on(FastCocoMetric, path, samples)
    results = metric.collect_results(
        [p for p, _ in (metric.process(None, samples) or metric.results)]
    )
    ours = metric.scorer().evaluate(results)
    assert metric.scorer()._fast is not None
    truth = PlainCOCO(str(path))
    plain = PlainEval(truth, truth.loadRes(copy.deepcopy(results)), 'keypoints')
    plain.params.kpt_oks_sigmas = np.asarray(META['sigmas'])
    for step in (plain.evaluate, plain.accumulate, plain.summarize):
        step()
    assert ours.stats.tolist() == plain.stats.tolist()
    np.testing.assert_array_equal(ours.precision, plain.eval['precision'])


def test_without_hotcoco_the_figures_are_the_same(monkeypatch, write):
    file, samples = scene(5)
    path = write(file)
    _, fast = metric_on(FastCocoMetric, path, samples)
    monkeypatch.setattr(keypoint_scorer, 'hotcoco_installed', lambda: False)
    metric, plain = metric_on(FastCocoMetric, path, samples)
    assert metric.scorer()._fast is None
    assert plain == fast
    with pytest.raises(ConfigError, match="backend='hotcoco' is not installed"):
        FastCocoMetric(backend='hotcoco')
    with pytest.raises(ConfigError, match="backend='x' is unknown"):
        FastCocoMetric(backend='x')


def test_bottom_up_samples_keep_their_order(write):
    """Samples of a whole image have a list of identifiers, and no sizes."""
    file, samples = scene(8)
    images = {}
    for sample in samples:
        images.setdefault(sample['img_id'], []).append(sample)
    merged = []
    for image, found in images.items():
        pred = {
            key: np.concatenate([s['pred_instances'][key] for s in found])
            for key in ('keypoints', 'keypoint_scores')
        }
        merged.append(
            dict(
                id=[s['id'] for s in found],
                img_id=image,
                ori_shape=(480, 480),
                pred_instances=pred,
                gt_instances={},
            )
        )
    path = write(file)
    theirs = metric_on(CocoMetric, path, merged)[1]
    assert metric_on(FastCocoMetric, path, merged)[1] == theirs


def test_values_that_are_not_finite_get_cocos_own_answer(write):
    file, samples = scene(3)
    for sample in samples[::5]:
        sample['pred_instances']['keypoints'][0, 3] = np.nan
    path = write(file)
    theirs = metric_on(CocoMetric, path, samples)[1]
    assert metric_on(FastCocoMetric, path, samples)[1] == theirs
    for sample in samples[::4]:
        sample['pred_instances']['keypoint_scores'][0, 2] = np.nan
    theirs = metric_on(CocoMetric, path, samples)[1]
    assert metric_on(FastCocoMetric, path, samples)[1] == theirs


def test_converters_are_applied_once(write):
    """MMPose converts the converted annotation again in the next epoch."""
    file, samples = scene(4)
    options = dict(
        gt_converter=dict(num_keypoints=14, mapping=[(i + 3, i) for i in range(14)]),
        pred_converter=dict(num_keypoints=14, mapping=[(i + 3, i) for i in range(14)]),
    )
    path = write(file)
    theirs = metric_on(CocoMetric, path, samples, **copy.deepcopy(options))[1]
    metric, first = metric_on(FastCocoMetric, path, samples, **copy.deepcopy(options))
    assert first == theirs
    metric.process(None, copy.deepcopy(samples))
    assert metric.evaluate(len(samples)) == first


def test_images_that_are_not_annotated_are_named(write):
    file, samples = scene(2)
    samples[0]['img_id'] = 77
    with pytest.raises(UserError, match='1 images of the results are not in .* 77'):
        metric_on(FastCocoMetric, write(file), samples)


@pytest.mark.parametrize('soft', [False, True])
@pytest.mark.parametrize('dtype', [np.float32, np.float64])
def test_suppression_keeps_what_mmposes_keeps(soft, dtype):
    rng = np.random.default_rng(1)
    images = np.repeat(np.arange(30), rng.integers(1, 40, 30))
    poses = rng.uniform(0, 100, (8, 17, 2))[rng.integers(0, 8, len(images))]
    poses = poses + rng.normal(0, 1, poses.shape) * rng.choice(
        [0.5, 3], (len(poses), 1, 1)
    )
    poses = np.concatenate([poses, np.ones_like(poses[..., :1])], -1).astype(dtype)
    areas = rng.uniform(2000, 9000, len(images)).astype(np.float32)
    scores = rng.choice([0.2, 0.4, 0.7], len(images)).astype(dtype)
    expected = []
    for image in range(30):
        rows = np.flatnonzero(images == image)
        people = [
            dict(keypoints=poses[i], area=areas[i], score=scores[i]) for i in rows
        ]
        nms = soft_oks_nms if soft else oks_nms
        expected += rows[nms(people, 0.8, sigmas=META['sigmas'])].tolist()
    kept = suppress(poses, areas, scores, images, META['sigmas'], 0.8, soft)
    assert kept.tolist() == expected
    assert len(kept) < len(images)


def test_scorer_is_made_once_for_an_annotation(write):
    file, samples = scene(6)
    metric, _ = metric_on(FastCocoMetric, write(file), samples)
    scorer = metric.scorer()
    assert metric.scorer() is scorer
    assert isinstance(scorer, KeypointScorer)
