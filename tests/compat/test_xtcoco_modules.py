import copy
import json
import sys

import numpy as np
import pytest

from mmpose_ext.compat import DependencyError, xtcoco_modules
from mmpose_ext.compat.xtcoco_modules import build_xtcocotools
from mmpose_ext.utils.errors import ConfigError

pytest.importorskip('pycocotools')


@pytest.fixture(scope='module')
def stand_in():
    return build_xtcocotools()


@pytest.fixture(scope='module')
def real():
    package = pytest.importorskip('xtcocotools', reason='compares with xtcocotools')
    if isinstance(package, xtcoco_modules.CocoStandIn):
        pytest.skip('xtcocotools is not installed: nothing to compare with')

    names = ('xtcocotools.coco', 'xtcocotools.cocoeval')
    return {name: sys.modules[name] for name in names}


def _joints(rng, center, size, count, spread):
    points = center + rng.normal(0, spread, (count, 2)) * size
    seen = rng.choice([0, 1, 2], count, p=[0.2, 0.2, 0.6])
    return np.column_stack([points, seen])


def random_set(seed, joints=17, images=8):
    """People with crowds, id 0, empty annotations, and detections with tied scores."""
    rng = np.random.default_rng(seed)
    anns, found = [], []
    for image in range(images):
        for _ in range(rng.integers(0, 6)):
            center, size = rng.uniform(50, 400, 2), rng.uniform(15, 200)
            points = _joints(rng, center, size, joints, 0.3)
            if rng.random() < 0.15:
                points[:] = 0
            box = [*(center - size / 2), size, size * rng.uniform(0.6, 1.8)]
            anns.append(
                dict(
                    id=len(anns),
                    image_id=image,
                    category_id=1,
                    bbox=box,
                    keypoints=points.ravel().tolist(),
                    area=box[2] * box[3] * 0.6,
                    # Wrong on purpose now and then: xtcocotools counts for itself.
                    num_keypoints=int(rng.integers(0, 3)),
                    iscrowd=int(rng.random() < 0.2),
                )
            )
            for _ in range(rng.integers(0, 4)):
                noisy = points.copy()
                noisy[:, :2] += rng.normal(0, 0.06, (joints, 2)) * size
                noisy[:, 2] = 0 if rng.random() < 0.1 else 1
                moved = np.array(box) + rng.normal(0, 0.06, 4) * size
                found.append(
                    dict(
                        image_id=image,
                        category_id=1,
                        bbox=moved.tolist(),
                        keypoints=noisy.ravel().tolist(),
                        score=float(rng.choice([0.3, 0.5, 0.7, 0.9])),
                    )
                )
    truth = dict(
        images=[dict(id=i, width=500, height=500) for i in range(images)],
        annotations=anns,
        categories=[dict(id=1, name='person')],
    )
    return truth, found


def evaluate(modules, path, found, **kwargs):
    truth = modules['xtcocotools.coco'].COCO(str(path))
    result = truth.loadRes(copy.deepcopy(found))
    run = modules['xtcocotools.cocoeval'].COCOeval(truth, result, **kwargs)
    run.evaluate()
    run.accumulate()
    run.summarize()
    return run


SETTINGS = [
    dict(iouType='keypoints'),
    dict(iouType='keypoints', use_area=False),
    dict(iouType='bbox'),
    dict(iouType='bbox', use_area=False),
    dict(iouType='keypoints', joints=14),
    dict(iouType='keypoints', joints=14, use_area=False),
]


@pytest.mark.parametrize('setting', SETTINGS, ids=str)
@pytest.mark.parametrize('seed', range(5))
def test_every_figure_equals_that_of_xtcocotools(
    real, stand_in, tmp_path, seed, setting
):
    kwargs = dict(setting)
    joints = kwargs.pop('joints', 17)
    if joints != 17:
        kwargs['sigmas'] = np.random.default_rng(seed).uniform(0.02, 0.12, joints)
    truth, found = random_set(seed, joints)
    path = tmp_path / 'truth.json'
    path.write_text(json.dumps(truth))
    want = evaluate(real, path, found, **kwargs)
    got = evaluate(stand_in, path, found, **kwargs)
    assert 0 < want.stats[0] < 1
    np.testing.assert_array_equal(got.stats, want.stats)
    for name in ('precision', 'recall', 'scores'):
        np.testing.assert_array_equal(got.eval[name], want.eval[name])
    for a, b in zip(got.evalImgs, want.evalImgs, strict=True):
        assert (a is None) == (b is None)
        for name in b or ():
            np.testing.assert_array_equal(a[name], b[name], err_msg=name)


def test_absent_fields_and_no_detections(real, stand_in, tmp_path):
    truth, found = random_set(3)
    for ann in truth['annotations']:
        del ann['area'], ann['num_keypoints'], ann['iscrowd']
    path = tmp_path / 'truth.json'
    path.write_text(json.dumps(truth))
    for some in (found, []):
        for kwargs in (dict(use_area=False), dict(iouType='bbox')):
            want = evaluate(real, path, some, **kwargs)
            got = evaluate(stand_in, path, some, **kwargs)
            np.testing.assert_array_equal(got.stats, want.stats)


def test_one_person_by_hand(stand_in, tmp_path):
    # Area .53 * 100 * 100 = 5300; one joint of sigma .1 is 30 px off, so that
    # OKS = exp(-900 / (.2 ** 2 * 5300 * 2)) = .12: no match. With the annotated
    # area of 90000 it is exp(-.125) = .88: a match up to the threshold .85.
    ann = dict(
        id=0,
        image_id=1,
        category_id=1,
        bbox=[0, 0, 100, 100],
        area=90000,
        keypoints=[50, 50, 2],
        iscrowd=0,
    )
    truth = dict(
        images=[dict(id=1)], annotations=[ann], categories=[dict(id=1, name='person')]
    )
    path = tmp_path / 'truth.json'
    path.write_text(json.dumps(truth))
    found = [dict(image_id=1, category_id=1, keypoints=[80, 50, 1], score=0.5)]
    sigmas = np.array([0.1])
    assert evaluate(stand_in, path, found, sigmas=sigmas).stats[0] == pytest.approx(0.8)
    boxes = evaluate(stand_in, path, found, sigmas=sigmas, use_area=False)
    assert boxes.stats[0] == 0


def test_chosen_joints_and_string_ids(stand_in):
    coco = stand_in['xtcocotools.coco'].COCO
    ann = dict(id=5, image_id='ab', category_id=1, keypoints=[1, 2, 2, 3, 4, 1], area=4)
    data = dict(
        images=[dict(id='ab')],
        annotations=[ann],
        categories=[dict(id=1, name='person')],
    )
    loaded = coco('a file', test_index=[1], ann_data=data)
    assert loaded.anns[5]['keypoints'] == [3, 4, 1]
    assert loaded.getAnnIds(imgIds='ab') == [5]
    assert loaded.getAnnIds(areaRng=[4, 5]) == [5]
    assert loaded.getAnnIds(areaRng=[3, 4]) == []
    assert loaded.getCatIds(catNms='person') == [1]
    assert loaded.getCatIds(catNms='a person') == []


@pytest.mark.parametrize('kind', ['keypoints_crowd', 'keypoints_wholebody', 'segm', ''])
def test_other_kinds_are_refused_in_one_line(stand_in, kind):
    with pytest.raises(ConfigError, match='needs xtcocotools') as caught:
        stand_in['xtcocotools.cocoeval'].COCOeval(iouType=kind)
    assert '\n' not in str(caught.value)


@pytest.fixture
def absent(monkeypatch):
    """An interpreter without xtcocotools."""
    for name in [n for n in sys.modules if n.split('.')[0] == 'xtcocotools']:
        monkeypatch.delitem(sys.modules, name)
    find = xtcoco_modules.importlib.util.find_spec
    monkeypatch.setattr(
        xtcoco_modules.importlib.util,
        'find_spec',
        lambda name: None if name == 'xtcocotools' else find(name),
    )
    yield
    for name in [n for n in sys.modules if n.split('.')[0] == 'xtcocotools']:
        del sys.modules[name]


def test_it_is_imported_where_xtcocotools_is_absent(absent):
    assert xtcoco_modules.install_xtcocotools()
    assert xtcoco_modules.install_xtcocotools()
    import xtcocotools.mask as mask
    from xtcocotools.coco import COCO
    from xtcocotools.cocoeval import COCOeval

    assert COCO.__module__ == COCOeval.__module__ == 'mmpose_ext.compat.pycoco'
    assert mask.area(mask.encode(np.ones((2, 3), np.uint8, order='F'))) == 6


def test_without_pycocotools_one_line_says_what_to_type(absent, monkeypatch):
    monkeypatch.setitem(sys.modules, 'pycocotools', None)
    with pytest.raises(DependencyError, match='pip install pycocotools'):
        xtcoco_modules.install_xtcocotools()


def test_an_installed_xtcocotools_is_left_alone(monkeypatch):
    installed = type(sys)('xtcocotools')
    monkeypatch.setitem(sys.modules, 'xtcocotools', installed)
    assert not xtcoco_modules.install_xtcocotools()
    assert sys.modules['xtcocotools'] is installed
