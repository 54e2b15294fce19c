"""Reading MPII's .mat files: odd joints, missing fields, other files."""

import numpy as np
import pytest
from mpii_fixtures import edit, person, write_release
from numpy.lib.recfunctions import repack_fields
from scipy.io import loadmat, savemat

from mmpose_ext.datasets.converters import (
    load_mpii_release,
    load_mpii_validation,
)
from mmpose_ext.datasets.synthetic.layouts.mpii_mat import (
    ReleaseImage,
    save_mpii_release,
)
from mmpose_ext.utils import UserError


@pytest.fixture
def root(tmp_path):
    return write_release(tmp_path)


def test_one_image_and_one_joint_are_squeezed(root):
    lone = person(0, hidden=range(1, 16))
    save_mpii_release(root / 'release.mat', [ReleaseImage('0000001.jpg', True, [lone])])
    release = load_mpii_release(root / 'release.mat', progress=False)
    np.testing.assert_allclose(release.people[0].joints, lone.joints)


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
