"""MPII's test submission: the file, the metric and the tools."""

import numpy as np
import pytest
from mmpose.registry import METRICS
from mpii_fixtures import convert, write_release
from scipy.io import loadmat, savemat

from mmpose_ext.evaluation.mpii_export import (
    export_mpii_submission,
    load_predictions,
    load_test_index,
)
from mmpose_ext.utils import UserError

TO_JSON = 'dataset_converters/mpii_mat2json.py'
SUBMISSION = 'dataset_converters/mpii_submission.py'


@pytest.fixture
def root(tmp_path):
    return write_release(tmp_path)


def test_submission(root):
    convert(root)
    index = load_test_index(root / 'out' / 'mpii_test.json')
    assert index == [(4, 1), (4, 2)]
    preds = np.arange(64.0).reshape(2, 16, 2)
    out = root / 'pred_keypoints_mpii.mat'
    assert export_mpii_submission(root / 'release.mat', preds, index, out) == 2
    pred = loadmat(out, struct_as_record=False, squeeze_me=True)['pred']
    # As annolist(img_train == 0): images 4 and 5.
    assert [p.image.name for p in pred] == ['0000004.jpg', '0000005.jpg']
    second = pred[0].annorect[1]
    assert second.objpos.x == 107  # what was there is kept
    points = second.annopoints.point
    assert [p.id for p in points] == list(range(16))
    assert [(p.x, p.y) for p in points][:2] == [(32, 33), (34, 35)]
    assert (
        np.size(
            pred[1].annorect[0].annopoints
            if 'annopoints' in pred[1].annorect[0]._fieldnames
            else []
        )
        == 0
    )


def test_submission_wants_every_single_person(root):
    preds = np.zeros((1, 16, 2))
    out = root / 'out.mat'
    for index, message in (
        (
            [(4, 1)],
            r'1 single people of the test set have no prediction, e.g. person 2',
        ),
        ([(4, 1), (4, 2)], r'1 predictions for the 2 persons'),
    ):
        with pytest.raises(UserError, match=message):
            export_mpii_submission(root / 'release.mat', preds, index, out)
    three = [(4, 1), (4, 2), (5, 1)]
    with pytest.raises(UserError, match='1 predictions do not belong to its'):
        export_mpii_submission(root / 'release.mat', np.zeros((3, 16, 2)), three, out)
    preds[0, 3, 1] = np.nan
    with pytest.raises(UserError, match='prediction 1 has a coordinate that is not a'):
        export_mpii_submission(root / 'release.mat', preds, [(4, 1)], out)
    assert not out.exists()


def test_submission_by_the_metric(root):
    convert(root)
    metric = METRICS.build(
        dict(
            type='MpiiSubmission',
            release_file=str(root / 'release.mat'),
            test_file=str(root / 'out' / 'mpii_test.json'),
            out_file=str(root / 'sub.mat'),
        )
    )
    for row in (1, 0, 1):  # in any order; one padded by a sampler
        joints = np.full((1, 16, 2), row * 10.0)
        metric.process(None, [dict(id=row, pred_instances=dict(keypoints=joints))])
    assert metric.evaluate(3) == dict(persons=2)
    pred = loadmat(root / 'sub.mat', struct_as_record=False, squeeze_me=True)['pred']
    assert pred[0].annorect[1].annopoints.point[7].x == 10


def test_predictions_from_files(root):
    preds = np.random.default_rng(0).random((3, 16, 3))
    np.save(root / 'p.npy', preds)
    savemat(root / 'p.mat', dict(preds=preds))
    for name in ('p.npy', 'p.mat'):
        np.testing.assert_array_equal(load_predictions(root / name), preds[..., :2])
    np.save(root / 'bad.npy', preds[0])
    with pytest.raises(UserError, match=r'shape \(16, 3\); give preds of shape'):
        load_predictions(root / 'bad.npy')
    np.save(root / 'pickled.npy', np.array([dict()]), allow_pickle=True)
    (root / 'text.npy').write_text('nothing')
    for name in ('pickled.npy', 'text.npy', 'absent.npy'):
        with pytest.raises(UserError, match='cannot read predictions'):
            load_predictions(root / name)
    (root / 'a.json').write_text('[{"image": "a.jpg"}]')
    with pytest.raises(UserError, match='not a list of persons with a release_index'):
        load_test_index(root / 'a.json')


def test_tools(root, run_tool, capsys):
    args = [root / 'release.mat', root / 'images', root / 'out']
    assert run_tool(TO_JSON, *args, '--val', root / 'gt.mat') == 0
    assert 'mpii_val.json: 2 images, 2 people' in capsys.readouterr().out
    np.save(root / 'p.npy', np.ones((2, 16, 2)))
    args = [root / 'release.mat', root / 'out/mpii_test.json', root / 'p.npy']
    out = root / 'sub.mat'
    assert run_tool(SUBMISSION, *args, '--out', out) == 0
    assert f'{out}: 2 persons' in capsys.readouterr().out
    assert run_tool(SUBMISSION, *args[:2], root / 'no.npy') == 2
    assert capsys.readouterr().err.startswith('error: cannot read predictions')
