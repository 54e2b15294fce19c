"""MPII's release: splits, records, and what a conversion refuses."""

import json

import numpy as np
import pytest
from mmpose.datasets.datasets.body import MpiiDataset
from mpii_fixtures import IMAGES, VAL, convert, person, records, write_release
from PIL import Image
from scipy.io import savemat

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
from mmpose_ext.utils import UserError


@pytest.fixture
def root(tmp_path):
    return write_release(tmp_path)


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


def test_temporaries_of_a_killed_run_are_removed_and_nothing_else(root):
    out = root / 'out'
    out.mkdir()
    left = ['.mpii_train.abcd_123.json', '.mpii_gt_val.abcd_123.mat']
    for name in (*left, '.mine.abcd_123.json'):
        (out / name).write_text('half')
    convert(root)
    hidden = [path.name for path in out.iterdir() if path.name.startswith('.')]
    assert hidden == ['.mine.abcd_123.json']


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
