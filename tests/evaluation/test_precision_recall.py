"""Curves and per-joint AP of COCO, against figures worked out by hand."""

import json

import numpy as np
import pytest
from xtcocotools.coco import COCO

from mmpose_ext.evaluation.precision_recall import coco_curves


def ground_truth(*people) -> COCO:
    """People of two joints and an area of 100 pixels, all in one image."""
    coco = COCO()
    coco.dataset = dict(
        images=[dict(id=1, file_name='1.jpg', width=500, height=500)],
        categories=[dict(id=1, name='person')],
        annotations=[
            dict(
                id=i + 1,
                image_id=1,
                category_id=1,
                iscrowd=0,
                area=100.0,
                bbox=[0, 0, 10, 10],
                num_keypoints=sum(v > 0 for v in p[2::3]),
                keypoints=list(p),
            )
            for i, p in enumerate(people)
        ],
    )
    coco.createIndex()
    return coco


def detection(*keypoints, score=0.9) -> dict:
    return dict(image_id=1, category_id=1, keypoints=list(keypoints), score=score)


def distance(similarity: float) -> float:
    """Off by so much, a joint's term of OKS is ``similarity`` at sigma 0.1.

    exp(-d^2 / (2 area (2 sigma)^2)) with area 100 is exp(-d^2 / 8).
    """
    return float(np.sqrt(-8 * np.log(similarity)))


def curves(coco, results, **kwargs):
    return coco_curves(coco, results, [0.1, 0.1], **kwargs)


def test_thresholds_of_one_person():
    # Terms 1 and 0.62, OKS 0.81: right up to 0.80, i.e. at 7 of 10 thresholds.
    truth = ground_truth((100, 100, 2, 200, 200, 1))
    found = detection(100, 100, 1, 200 + distance(0.62), 200, 1)
    result = curves(truth, [found], names=['a', 'b'])
    np.testing.assert_allclose(result.thresholds, np.arange(0.5, 1, 0.05))
    np.testing.assert_allclose(result.ap, [1] * 7 + [0] * 3)
    assert result.stats['AP'] == pytest.approx(0.7)
    assert result.stats['AP .5'] == pytest.approx(1)
    assert result.stats['AP .75'] == pytest.approx(1)
    # The second joint alone is right up to 0.60, at 3 thresholds.
    assert result.per_keypoint == pytest.approx({'a': 1.0, 'b': 0.3})


def test_curve_of_two_people():
    truth = ground_truth((100, 100, 2, 110, 110, 2), (300, 300, 2, 310, 310, 2))
    right = detection(100, 100, 1, 110, 110, 1, score=0.9)
    wrong = detection(400, 100, 1, 410, 100, 1, score=0.5)
    result = curves(truth, [wrong, right])
    # One of two is found, first: precision 1 up to recall 0.5, 51 of 101 points.
    np.testing.assert_allclose(result.precision[0], np.arange(101) <= 50)
    assert result.stats['AP'] == pytest.approx(51 / 101)
    assert result.stats['AR'] == pytest.approx(0.5)
    # The wrong one first: at recall 0.5 one of two is right.
    result = curves(truth, [dict(wrong, score=0.95), right])
    np.testing.assert_allclose(result.precision[3], 0.5 * (np.arange(101) <= 50))


def test_joint_is_scored_on_those_who_have_it():
    truth = ground_truth((100, 100, 2, 0, 0, 0), (300, 300, 2, 310, 310, 2))
    found = [
        detection(100, 100, 1, 0, 0, 1),
        detection(350, 300, 1, 310, 310, 1, score=0.8),
    ]
    result = curves(truth, found, names=['a', 'b'])
    assert result.per_keypoint['b'] == pytest.approx(1)
    assert result.per_keypoint['a'] == pytest.approx(51 / 101)
    assert truth.anns[1]['keypoints'] == [100, 100, 2, 0, 0, 0]


def test_nothing_to_find_is_nan_and_nothing_found_is_zero():
    truth = ground_truth((100, 100, 2, 0, 0, 0))
    result = curves(truth, [detection(100, 100, 1, 5, 5, 1)], names=['a', 'b'])
    assert np.isnan(result.per_keypoint['b'])
    assert np.isnan(result.stats['AP (L)'])
    none = curves(truth, [], names=['a', 'b'])
    assert none.stats['AP'] == none.per_keypoint['a'] == 0


def test_names_and_sigmas_must_agree():
    with pytest.raises(ValueError, match=r'names=.* one entry for each of the 2'):
        curves(ground_truth((1, 1, 2, 1, 1, 2)), [], names=['a', 'b', 'c'])


def test_saved_data_and_picture(tmp_path):
    truth = ground_truth((100, 100, 2, 0, 0, 0))
    found = [detection(100, 100, 1, 5, 5, 1)]
    result = curves(truth, found, names=['a', 'b'], label='detector boxes')
    data, picture = result.save(tmp_path / 'sub' / 'x.curves')
    content = json.loads(data.read_text())
    assert content['label'] == 'detector boxes'
    assert content['ap_per_keypoint'] == {'a': 1.0, 'b': None}
    assert np.shape(content['precision']) == (10, 101)
    assert picture.name == 'x.curves.png'
    assert picture.read_bytes()[1:4] == b'PNG'
    assert picture.stat().st_size > 10_000
