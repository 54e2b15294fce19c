"""MPII's release: splits, oddities of the file, and the test submission."""

import json

import numpy as np
import pytest
from mmpose.datasets.datasets.body import MpiiDataset
from mmpose.registry import METRICS
from numpy.lib.recfunctions import repack_fields
from PIL import Image
from scipy.io import loadmat, savemat

from mmpose_ext.datasets.converters import (
    convert_mpii,
    load_mpii_release,
    load_mpii_validation,
)
from mmpose_ext.datasets.synthetic.layouts.mpii_mat import (
    ReleaseImage,
    ReleasePerson,
    save_mpii_gt_val,
    save_mpii_release,
)
from mmpose_ext.evaluation.mpii_export import (
    export_mpii_submission,
    load_predictions,
    load_test_index,
)
from mmpose_ext.utils import UserError

TO_JSON = 'dataset_converters/mpii_mat2json.py'
SUBMISSION = 'dataset_converters/mpii_submission.py'


def person(
    seed: int, annotated=True, hidden=(), occluded=(), **kwargs
) -> ReleasePerson:
    rng = np.random.default_rng(seed)
    joints = np.column_stack([rng.uniform(1, 200, (16, 2)).round(1), np.full(16, 2)])
    joints[list(hidden)] = 0
    joints[list(occluded), 2] = 1
    box = np.array([10, 20, 40, 60.0]) + seed if annotated else None
    center = kwargs.pop('center', (100.0 + seed, 90.0))
    return ReleasePerson(
        center, 1.5 + seed, joints if annotated else None, box, **kwargs
    )


VAL = person(1, hidden=[0, 5], occluded=[10])
IMAGES = [
    ReleaseImage('0000001.jpg', True, [person(2), VAL, person(3)]),
    ReleaseImage('0000002.jpg', True, []),
    ReleaseImage('0000003.jpg', True, [person(4, single=False), person(5, False)]),
    ReleaseImage('0000004.jpg', False, [person(6, False), person(7, False)]),
    ReleaseImage(
        '0000005.jpg',
        False,
        [person(8, False, single=False), person(9, False, center=None)],
    ),
    ReleaseImage('0000006.jpg', True, [person(10)]),
]


@pytest.fixture
def root(tmp_path):
    (tmp_path / 'images').mkdir()
    for image in IMAGES:
        Image.new('RGB', (220, 210)).save(tmp_path / 'images' / image.name)
    save_mpii_release(tmp_path / 'release.mat', IMAGES)
    save_mpii_gt_val(tmp_path / 'gt.mat', [IMAGES[5].people[0], VAL])
    return tmp_path


def convert(root, **kwargs):
    kwargs.setdefault('val_file', root / 'gt.mat')
    return convert_mpii(
        root / 'release.mat', root / 'images', root / 'out', progress=False, **kwargs
    )


def records(root, split):
    return json.loads((root / 'out' / f'mpii_{split}.json').read_text())


def test_the_nesting_and_its_gaps(root):
    release = load_mpii_release(root / 'release.mat', progress=False)
    assert release.images == [image.name for image in IMAGES]
    np.testing.assert_array_equal(release.is_train, [i.is_train for i in IMAGES])
    assert release.skipped == {'people without position or scale': 1}
    assert release.notes == []
    places = [(p.image, p.rect) for p in release.people]
    assert places == [
        (0, 0),
        (0, 1),
        (0, 2),
        (2, 0),
        (2, 1),
        (3, 0),
        (3, 1),
        (4, 0),
        (5, 0),
    ]
    found = release.people[1]
    np.testing.assert_allclose(found.joints, VAL.joints)
    np.testing.assert_allclose(found.head_box, VAL.head_box)
    assert found.center == VAL.center
    assert found.scale == 2.5
    assert [p.single for p in release.people] == [1, 1, 1, 0, 1, 1, 1, 0, 1]


def test_validation_is_found_and_its_images_are_kept_from_training(root):
    reports = convert(root)
    # The order of the ground-truth file: image 6, then the second of image 1.
    places = {
        split: [r['release_index'] for r in records(root, split)] for split in reports
    }
    assert places == {
        'trainval': [[1, 1], [1, 2], [1, 3], [3, 1], [6, 1]],
        'test': [[4, 1], [4, 2]],
        'train': [[3, 1]],
        'val': [[6, 1], [1, 2]],
    }
    assert str(reports['val']).startswith(f'{reports["val"].path}: 2 images, 2 people')
    assert '1 people without position or scale' in str(reports['train'])


def test_a_record_is_as_mmpose_publishes_it(root):
    convert(root)
    record = records(root, 'val')[1]
    assert record['image'] == '0000001.jpg'
    assert record['center'] == [101, 90]
    assert record['joints_vis'] == [0] + [1] * 4 + [0] + [1] * 10
    assert record['joints'][0] == [-1, -1]
    np.testing.assert_allclose(record['joints'][10], VAL.joints[10, :2])


def test_the_data_set_reads_what_is_written(root):
    convert(root)
    dataset = MpiiDataset(
        ann_file=str(root / 'out' / 'mpii_val.json'),
        headbox_file=str(root / 'out' / 'mpii_gt_val.mat'),
        data_prefix=dict(img=str(root / 'images')),
        test_mode=True,
    )
    assert len(dataset) == 2
    # Head boxes of 30 x 40 pixels: 0.6 of the diagonal is 30.
    np.testing.assert_allclose(dataset[1]['head_size'], 30)
    np.testing.assert_array_equal(dataset[1]['keypoints_visible'][0, :2], [0, 1])
    test = MpiiDataset(ann_file=str(root / 'out' / 'mpii_test.json'), test_mode=True)
    assert len(test) == 2  # though nobody has joints


def test_missing_images_stop_unless_allowed(root):
    (root / 'images' / '0000006.jpg').unlink()
    with pytest.raises(UserError, match=r'1 of 3 images are missing.*0000006.jpg'):
        convert(root)
    assert not (root / 'out').exists()
    reports = convert(root, allow_missing=True)
    assert reports['val'].missing == ['0000006.jpg']
    assert len(records(root, 'val')) == 1
    # The ground truth has lost the same row.
    kept = load_mpii_validation(root / 'out' / 'mpii_gt_val.mat')
    np.testing.assert_allclose(kept.head_boxes.ravel(), VAL.head_box)
    assert kept.content['dataset_joints'].shape == (1, 16)


def test_truncated_image(root):
    noise = np.random.default_rng(0).integers(0, 255, (150, 200, 3), dtype=np.uint8)
    path = root / 'images' / '0000001.jpg'
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    convert(root)
    with pytest.raises(UserError, match='are unreadable in'):
        convert(root, verify=True, overwrite=True)


def test_published_files_are_not_replaced(root):
    (root / 'out').mkdir()
    (root / 'out' / 'mpii_val.json').write_text('published')
    with pytest.raises(UserError, match='mpii_val.json exists already; .*overwrite'):
        convert(root)
    assert (root / 'out' / 'mpii_val.json').read_text() == 'published'
    assert not (root / 'out' / 'mpii_train.json').exists()
    convert(root, overwrite=True)
    assert len(records(root, 'val')) == 2


def test_a_short_ground_truth_does_not_replace_the_whole(root):
    (root / 'out').mkdir()
    (root / 'gt.mat').rename(root / 'out' / 'mpii_gt_val.mat')
    whole = (root / 'out' / 'mpii_gt_val.mat').read_bytes()
    (root / 'images' / '0000006.jpg').unlink()
    with pytest.raises(UserError, match='mpii_gt_val.mat exists already'):
        convert(root, val_file=root / 'out' / 'mpii_gt_val.mat', allow_missing=True)
    assert (root / 'out' / 'mpii_gt_val.mat').read_bytes() == whole


def test_without_ground_truth_there_is_no_validation(root):
    assert set(convert(root, val_file=None)) == {'trainval', 'test'}
    with pytest.raises(
        UserError, match=r"unknown split 'val'; available: trainval, test"
    ):
        convert(root, val_file=None, splits=['val'], overwrite=True)


def test_validation_of_another_release(root):
    save_mpii_gt_val(root / 'gt.mat', [VAL, person(99)])
    with pytest.raises(UserError, match=r'1 of 2 persons .* not in the release \(rows'):
        convert(root)


def test_people_entered_twice_are_matched_once_each(root):
    twin = [VAL, VAL]
    save_mpii_release(root / 'release.mat', [ReleaseImage('0000001.jpg', True, twin)])
    save_mpii_gt_val(root / 'gt.mat', twin)
    convert(root, splits=['val'])
    places = [r['release_index'] for r in records(root, 'val')]
    assert sorted(places) == [[1, 1], [1, 2]]


def test_one_image_and_one_joint_are_squeezed(root):
    lone = person(0, hidden=range(1, 16))
    save_mpii_release(root / 'release.mat', [ReleaseImage('0000001.jpg', True, [lone])])
    release = load_mpii_release(root / 'release.mat', progress=False)
    np.testing.assert_allclose(release.people[0].joints, lone.joints)


def edit(root, change):
    """Change the raw release on disk."""
    release = loadmat(root / 'release.mat')['RELEASE']
    savemat(root / 'release.mat', {'RELEASE': change(release)})


def test_odd_joints_are_noted(root):
    def change(release):
        rect = release['annolist'][0, 0][0, 0]['annorect'][0, 0]
        points = rect['annopoints'][0, 0]['point']
        points[0, 0]['id'] = np.array([[3]])  # there twice, and 0 is missing
        points[0, 5]['id'] = np.array([[16]])
        points[0, 6]['x'] = np.empty((0, 0))
        return release

    edit(root, change)
    release = load_mpii_release(root / 'release.mat', progress=False)
    assert release.notes == [
        'person 1 of 0000001.jpg has joint 3 twice: kept the first',
        'person 1 of 0000001.jpg has a joint 16: left out',
        'person 1 of 0000001.jpg has a joint without id, x or y: left out',
    ]
    np.testing.assert_array_equal(
        release.people[0].joints[:, 2] > 0, [0, 1, 1, 1, 1, 0, 0, *[1] * 9]
    )


@pytest.mark.parametrize('field', ['annolist', 'img_train', 'single_person'])
def test_release_without_a_field(root, field):
    def change(release):
        rest = [name for name in release.dtype.names if name != field]
        return repack_fields(release[rest])

    edit(root, change)
    with pytest.raises(UserError, match=f'has no field {field!r}; take mpii_human'):
        load_mpii_release(root / 'release.mat', progress=False)


def test_flags_of_another_length(root):
    def change(release):
        release[0, 0]['img_train'] = np.ones((1, 5))
        return release

    edit(root, change)
    with pytest.raises(UserError, match='has 6 images, 5 flags img_train and 6'):
        load_mpii_release(root / 'release.mat', progress=False)


def test_other_mat_files(root):
    with pytest.raises(UserError, match=r"no field 'RELEASE', only \['jnt_missing'"):
        load_mpii_release(root / 'gt.mat')
    with pytest.raises(UserError, match="no field 'pos_gt_src', only"):
        load_mpii_validation(root / 'release.mat')
    content = loadmat(root / 'gt.mat')
    savemat(root / 'gt.mat', dict(content, pos_gt_src=np.zeros((14, 2, 2))))
    with pytest.raises(UserError, match=r'shape \(14, 2, 2\), not \(16, 2, 2\)'):
        load_mpii_validation(root / 'gt.mat')


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


def test_real_validation_rows(shared_data, tmp_path):
    """The five published records, put into a release, are found by their joints."""
    folder = shared_data / 'mpii'
    published = json.loads((folder / 'annotations' / 'mpii_val5.json').read_text())
    truth = load_mpii_validation(folder / 'eval' / 'mpii_gt_val.mat')
    assert truth.joints.shape == (2958, 16, 2)
    images, rows = [], []
    for record in published:
        joints = np.column_stack(
            [record['joints'], np.multiply(2, record['joints_vis'])]
        )
        joints[joints[:, 2] == 0] = 0
        same = (
            np.abs(
                np.where(truth.missing[..., None], 0, truth.joints) - joints[:, :2]
            ).max((1, 2))
            < 0.01
        )
        [row] = np.flatnonzero(same)
        rows.append(row)
        box = truth.head_boxes[row].ravel()
        someone = ReleasePerson(tuple(record['center']), record['scale'], joints, box)
        images.append(ReleaseImage(record['image'], True, [someone]))
    save_mpii_release(tmp_path / 'release.mat', images)
    content = {
        k: v[..., rows] if v.shape[-1] == 2958 else v for k, v in truth.content.items()
    }
    savemat(tmp_path / 'gt.mat', content)
    args = (tmp_path / 'release.mat', folder / 'images', tmp_path / 'out')
    convert_mpii(
        *args, tmp_path / 'gt.mat', splits=['val'], verify=True, progress=False
    )
    written = records(tmp_path, 'val')
    for new, old in zip(written, published, strict=True):
        assert {k: new[k] for k in old} == old
