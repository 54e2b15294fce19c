"""COCO's metric on files that differ from COCO's, against MMPose's and COCO's own."""

import copy
import json

import numpy as np
import pytest
from mmengine.logging import MessageHub, MMLogger
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.metrics import CocoMetric
from pycocotools.coco import COCO as PlainCOCO
from pycocotools.cocoeval import COCOeval as PlainEval

from mmpose_ext.evaluation.metrics import CocoCurveMetric, CocoPersonMetric
from mmpose_ext.evaluation.precision_recall import STATS
from mmpose_ext.utils import ConfigError, UserError

META = parse_pose_metainfo(CocoDataset.METAINFO)
ONE_STAGE = dict(score_mode='bbox', nms_mode='none')


def crowd(seed=0, images=8):
    """An annotation of people of every size, and noisy predictions with boxes."""
    rng = np.random.default_rng(seed)
    people, samples = [], []
    for image in range(images):
        found = dict(keypoints=[], keypoint_scores=[], bboxes=[], bbox_scores=[])
        for _ in range(4):
            side = rng.choice([25, 60, 90, 130])
            corner = rng.uniform(0, 300, 2)
            joints = corner + rng.uniform(0, 1, (17, 2)) * side
            seen = rng.choice([0, 1, 2], (17, 1), p=[0.2, 0.2, 0.6])
            size = np.array([side, side * rng.uniform(0.8, 1.5)])
            people.append(
                dict(
                    id=len(people) + 1,
                    image_id=image,
                    category_id=1,
                    iscrowd=0,
                    area=float(size.prod() * rng.uniform(0.4, 0.8)),
                    bbox=[*corner.tolist(), *size.tolist()],
                    num_keypoints=int((seen > 0).sum()),
                    keypoints=np.hstack([joints * (seen > 0), seen]).ravel().tolist(),
                )
            )
            # One near the person and one, of another size, anywhere.
            for noise, place in ((0.05 * side, 0), (side, rng.uniform(-60, 60))):
                moved = joints + place + rng.normal(0, noise, (17, 2))
                box = corner + place + rng.normal(0, noise / 2, 2)
                found['keypoints'].append(moved)
                found['keypoint_scores'].append(rng.uniform(0.3, 1, 17))
                found['bboxes'].append([*box, *(box + size * rng.uniform(0.7, 1.3))])
                found['bbox_scores'].append(rng.uniform(0.1, 1))
        samples.append(
            dict(
                id=[p['id'] for p in people[-4:]],
                img_id=image,
                ori_shape=(480, 480),
                raw_ann_info=people[-4:],
                pred_instances={k: np.array(v) for k, v in found.items()},
                gt_instances={},
            )
        )
    file = dict(
        images=[
            dict(id=i, width=480, height=480, file_name=f'{i}.jpg')
            for i in range(images)
        ],
        annotations=people,
        categories=[dict(id=1, name='person')],
    )
    return file, samples


def perfect(file):
    """Each image's annotation as its prediction, as a one-stage network gives it."""
    samples = []
    for image in file['images']:
        people = [a for a in file['annotations'] if a['image_id'] == image['id']]
        people = [a for a in people if 'keypoints' in a]
        joints = np.reshape([a['keypoints'] for a in people], (len(people), -1, 3))
        boxes = np.array([a['bbox'] for a in people], float)
        boxes[:, 2:] += boxes[:, :2]
        pred = dict(
            keypoints=joints[..., :2],
            keypoint_scores=np.ones(joints.shape[:2]),
            bboxes=boxes,
            bbox_scores=np.ones(len(people)),
        )
        sample = dict(
            id=[a['id'] for a in people],
            img_id=image['id'],
            ori_shape=(480, 480),
            raw_ann_info=people,
            pred_instances=pred,
            gt_instances={},
        )
        samples.append(sample)
    return samples


def score(kind, file, samples, tmp_path, **kwargs):
    path = tmp_path / 'truth.json'
    path.write_text(json.dumps(file))
    metric = kind(ann_file=str(path), **{**ONE_STAGE, **kwargs})
    metric.dataset_meta = copy.deepcopy(META)
    metric.process(None, copy.deepcopy(samples))
    return metric.evaluate(len(samples))


def plain_coco(file, samples, tmp_path, boxes=True):
    """The ten figures by pycocotools alone."""
    path = tmp_path / 'plain.json'
    path.write_text(json.dumps(file))
    results = []
    for sample in samples:
        pred = sample['pred_instances']
        for i, joints in enumerate(pred['keypoints']):
            scores = pred['keypoint_scores'][i][:, None]
            result = dict(
                image_id=sample['img_id'],
                category_id=1,
                keypoints=np.hstack([joints, scores]).ravel().tolist(),
                score=float(pred['bbox_scores'][i]),
            )
            if boxes:
                x1, y1, x2, y2 = pred['bboxes'][i]
                result['bbox'] = [x1, y1, x2 - x1, y2 - y1]
            results.append(result)
    truth = PlainCOCO(str(path))
    evaluation = PlainEval(truth, truth.loadRes(results), 'keypoints')
    evaluation.params.kpt_oks_sigmas = np.asarray(META['sigmas'])
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return dict(zip(STATS, evaluation.stats, strict=True))


@pytest.mark.parametrize('kind', [CocoPersonMetric, CocoCurveMetric])
def test_every_figure_is_cocos(kind, tmp_path):
    """With boxes, whose area tells medium and large people apart."""
    file, samples = crowd()
    ours = score(kind, file, samples, tmp_path)
    theirs = score(CocoMetric, file, samples, tmp_path)
    plain = plain_coco(file, samples, tmp_path)
    assert 0.1 < plain['AP (M)'] != plain['AP (L)'] < 0.95
    for name in STATS:
        assert ours[f'coco/{name}'] == pytest.approx(theirs[f'coco/{name}'], abs=1e-12)
        assert ours[f'coco/{name}'] == pytest.approx(plain[name], abs=1e-12)


@pytest.mark.parametrize('kind', [CocoPersonMetric, CocoCurveMetric])
def test_size_from_the_joints_is_a_choice(kind, tmp_path):
    file, samples = crowd()
    ours = score(kind, file, samples, tmp_path, detection_area='keypoints')
    plain = plain_coco(file, samples, tmp_path, boxes=False)
    boxes = score(kind, file, samples, tmp_path)
    for name in STATS:
        assert ours[f'coco/{name}'] == pytest.approx(plain[name], abs=1e-12)
    assert ours['coco/AP (M)'] != boxes['coco/AP (M)']
    assert ours['coco/AP'] == boxes['coco/AP']
    with pytest.raises(ConfigError, match="detection_area='segment' is unknown"):
        CocoPersonMetric(detection_area='segment')


def test_without_an_annotation_file(tmp_path):
    """As for synthetic scenes, whose samples bring the truth."""
    file, samples = crowd()
    with_file = score(CocoPersonMetric, file, samples, tmp_path)
    # A data set that another test has built leaves its file here.
    MessageHub.get_current_instance().runtime_info.pop(
        f'{META["dataset_name"]}_ann_file', None
    )
    metric = CocoPersonMetric(**ONE_STAGE)
    metric.dataset_meta = dict(META, CLASSES=file['categories'])
    metric.process(None, copy.deepcopy(samples))
    assert metric.evaluate(len(samples)) == pytest.approx(with_file)


def in_categories(file, *categories):
    """The people in turn in some categories."""
    file = copy.deepcopy(file)
    for i, person in enumerate(file['annotations']):
        person['category_id'] = categories[i % len(categories)]
    file['categories'] = [dict(id=c, name=f'person {c}') for c in set(categories)]
    return file


@pytest.mark.parametrize('kind', [CocoPersonMetric, CocoCurveMetric])
@pytest.mark.parametrize('categories', [(0,), (7,), (1, 2), (3, 90, 5)])
def test_people_of_any_category(kind, categories, tmp_path):
    file, samples = crowd()
    usual = score(kind, file, samples, tmp_path)
    other = in_categories(file, *categories)
    assert score(kind, other, samples, tmp_path) == pytest.approx(usual)
    best = score(kind, other, perfect(other), tmp_path)
    assert best['coco/AP'] == best['coco/AR (L)'] == pytest.approx(1)


def test_file_of_results_has_the_category(tmp_path):
    file, samples = crowd()
    prefix = str(tmp_path / 'x')
    score(
        CocoPersonMetric,
        in_categories(file, 7),
        samples,
        tmp_path,
        outfile_prefix=prefix,
    )
    results = json.loads((tmp_path / 'x.keypoints.json').read_text())
    assert {r['category_id'] for r in results} == {7}


def test_categories_that_nobody_is_in_or_that_are_not_listed(tmp_path):
    file, samples = crowd()
    usual = score(CocoPersonMetric, file, samples, tmp_path)
    cars = copy.deepcopy(file)
    cars['categories'] = [dict(id=0, name='car'), dict(id=5, name='person')]
    for person in cars['annotations']:
        person['category_id'] = 5
    car = dict(id=999, image_id=0, category_id=0, bbox=[0, 0, 9, 9], area=81, iscrowd=0)
    cars['annotations'].append(car)
    assert score(CocoPersonMetric, cars, samples, tmp_path) == pytest.approx(usual)
    unlisted = copy.deepcopy(cars)
    unlisted['categories'] = [dict(id=0, name='car')]
    assert score(CocoPersonMetric, unlisted, samples, tmp_path) == pytest.approx(usual)


def test_predictions_that_know_their_category_keep_it(tmp_path):
    """Top-down, the sample's own; the figures are means over both categories."""
    file, _ = crowd()
    file = in_categories(file, 1, 2)
    rng = np.random.default_rng(1)
    samples = []
    for person in file['annotations']:
        joints = np.reshape(person['keypoints'], (1, 17, 3))[..., :2]
        box = np.array([person['bbox']])
        box[:, 2:] += box[:, :2]
        samples.append(
            dict(
                id=person['id'],
                img_id=person['image_id'],
                category_id=np.array(person['category_id']),
                ori_shape=(480, 480),
                raw_ann_info=person,
                pred_instances=dict(
                    keypoints=joints + rng.normal(0, 3, joints.shape),
                    keypoint_scores=np.ones((1, 17)),
                    bboxes=box,
                ),
                gt_instances=dict(
                    bbox_scores=rng.uniform(0.5, 1, 1), bbox_scales=box[:, 2:]
                ),
            )
        )
    theirs = score(CocoMetric, file, samples, tmp_path)
    assert 0.1 < theirs['coco/AP'] < 1
    ours = score(CocoPersonMetric, file, samples, tmp_path)
    assert ours == pytest.approx(theirs)
    curves = score(CocoCurveMetric, file, samples, tmp_path, per_keypoint=False)
    assert curves['coco/AP'] == pytest.approx(theirs['coco/AP'])


@pytest.fixture
def log(monkeypatch):
    """What is logged as a warning."""
    lines = []
    monkeypatch.setattr(MMLogger, 'warning', lambda self, text: lines.append(text))
    return lines


@pytest.mark.parametrize('kind', [CocoPersonMetric, CocoCurveMetric])
@pytest.mark.parametrize('area', ['absent', None, 0, -3.0, float('nan')])
def test_area_is_a_share_of_the_box(kind, area, tmp_path, log):
    file, samples = crowd()
    file['annotations'][0]['bbox'] = [400.0, 400.0, 100.0, 50.0]
    bare, full = copy.deepcopy(file), copy.deepcopy(file)
    for before, after in zip(bare['annotations'], full['annotations'], strict=True):
        x, y, w, h = before['bbox']
        w, h = min(x + w, 479) - x, min(y + h, 479) - y
        after['area'] = 0.53 * w * h
        before['area'] = area
        if area == 'absent':
            del before['area']
    assert full['annotations'][0]['area'] == pytest.approx(0.53 * 79 * 50)
    for sample in samples:
        sample['raw_ann_info'] = []
    expected = score(kind, full, samples, tmp_path)
    assert not log
    assert score(kind, bare, samples, tmp_path) == pytest.approx(expected)
    (line,) = log
    assert '32 of 32 people in ' in line
    assert 'have no area; 0.53 of their box is used' in line


def test_joints_outside_can_be_moved_to_the_border(tmp_path):
    file, _ = crowd(images=1)
    file['images'][0].update(width=200, height=100)
    file['annotations'] = file['annotations'][:1]
    joints = np.full((17, 3), 2.0)
    joints[:, :2] = [[200, 100 - 5 * i] for i in range(17)]
    file['annotations'][0]['keypoints'] = joints.ravel().tolist()
    (sample,) = perfect(file)
    sample['ori_shape'] = (100, 200)
    sample['pred_instances']['keypoints'][..., 0] += 500
    sample['pred_instances']['keypoints'][0, 0, 1] = 130
    far = score(CocoPersonMetric, file, [sample], tmp_path)
    assert far['coco/AP'] == 0
    clipped = score(CocoPersonMetric, file, [sample], tmp_path, clip_keypoints=True)
    assert clipped['coco/AP'] == pytest.approx(1)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(bbox=None), 'annotation 3: bbox is not numbers'),
        (dict(bbox=[1, 2, 3]), r'annotation 3: bbox=\[1, 2, 3\] is not'),
        (dict(keypoints='no'), 'annotation 3: keypoints is not numbers'),
        (dict(keypoints=[1, 2, 2]), 'keypoints has 1 joints, the data set 17'),
        (dict(keypoints=[1, 2]), 'is not a list of x, y, v'),
        (dict(keypoints=[float('nan'), 2, 2] * 17), 'annotated key point is not fin'),
        (dict(iscrowd='0'), "annotation 3: iscrowd='0' is neither 0 nor 1"),
        (dict(area='large'), 'annotation 3: area is not numbers: large'),
    ],
)
def test_what_cannot_be_scored_is_one_line(change, message, tmp_path):
    file, samples = crowd()
    file['annotations'][2].update(change)
    with pytest.raises(UserError, match=message) as caught:
        score(CocoPersonMetric, file, samples, tmp_path)
    assert 'truth.json' in str(caught.value)


def test_joints_that_are_not_annotated_may_be_anything(tmp_path):
    file, samples = crowd()
    usual = score(CocoPersonMetric, file, samples, tmp_path)
    for person in file['annotations']:
        joints = np.reshape(person['keypoints'], (17, 3))
        joints[joints[:, 2] == 0, :2] = np.nan
        person['keypoints'] = joints.ravel().tolist()
    assert score(CocoPersonMetric, file, samples, tmp_path) == pytest.approx(usual)


def test_other_joints_than_the_data_sets(tmp_path):
    file, samples = crowd()
    for name in ('keypoints', 'keypoint_scores'):
        values = samples[0]['pred_instances'][name]
        samples[0]['pred_instances'][name] = values[:, :14]
    with pytest.raises(ConfigError, match='joints of the predictions=14 is not .* 17'):
        score(CocoPersonMetric, file, samples, tmp_path)


@pytest.mark.parametrize(
    ('sigmas', 'told'), [([0.05] * 17, True), ([0.05] * 16 + [0.06], False)]
)
def test_sigmas_that_are_all_alike_are_told(sigmas, told, monkeypatch):
    lines = []
    monkeypatch.setattr(MMLogger, 'info', lambda self, text: lines.append(text))
    CocoPersonMetric().dataset_meta = dict(META, sigmas=np.array(sigmas))
    assert ['all sigmas are 0.05, set to one value' in line for line in lines] == (
        [True] if told else []
    )


def test_nothing_to_score(tmp_path):
    file, samples = crowd()
    for sample in samples:
        for name, value in sample['pred_instances'].items():
            sample['pred_instances'][name] = value[:0]
    assert score(CocoPersonMetric, file, samples, tmp_path)['coco/AP'] == 0
    with pytest.raises(UserError, match='nothing to score'):
        score(CocoPersonMetric, file, [], tmp_path)
